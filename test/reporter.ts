import { DefaultReporter, type TestModule, type TestRunEndReason } from 'vitest/node';

/** Vitest's own report, and under it one plain line: `N passed, N failed, N skipped`. */
export default class Reporter extends DefaultReporter {
  override onTestRunEnd(
    modules: readonly TestModule[],
    errors: Parameters<DefaultReporter['onTestRunEnd']>[1],
    reason: TestRunEndReason,
  ): void {
    super.onTestRunEnd(modules, errors, reason);
    // What fails outside a test (a file that can't be loaded, a stray rejection) is a failure too.
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      const before = count.failed;
      for (const test of module.children.allTests()) count[test.result().state]++;
      if (module.state() === 'failed' && count.failed === before) count.failed++;
    }
    const skipped = count.skipped + count.pending;
    process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${skipped} skipped\n`);
  }
}
