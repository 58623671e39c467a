/** torch.autograd.Function and hooks: what PyTorch 2.15 printed and refused for the same classes. */

import * as torch from 'adjoint/torch';
import { describe, expect, it } from 'vitest';

const Base = torch.autograd.Function;
type Ctx = torch.FunctionCtx;

const leaf = (): torch.Tensor => torch.tensor([1, 2], { requires_grad: true });

class Sq extends Base {
  static needed: unknown = null;

  static override forward(ctx: Ctx, x: torch.Tensor, k: number): torch.Tensor {
    ctx.save_for_backward(x);
    ctx['k'] = k;
    return x.mul(x).mul(k);
  }

  static override backward(ctx: Ctx, grad: torch.Tensor): unknown {
    Sq.needed = ctx.needs_input_grad;
    const [x] = ctx.saved_tensors;
    return [
      grad
        .mul(2)
        .mul(x as torch.Tensor)
        .mul(Number(ctx['k'])),
      null,
    ];
  }
}

describe('a function of its own gradient', () => {
  it('is recorded under its name', () => {
    const y = Sq.apply(leaf(), 3);
    expect(torch.str(y)).toBe('tensor([ 3., 12.], grad_fn=<SqBackward>)');
    expect(String(y.grad_fn)).toBe('<torch.autograd.function.SqBackward>');
    expect(y.grad_fn?.name()).toBe('SqBackward');
  });

  it('gives gradients of every order, and is freed', () => {
    const x = leaf();
    const y = Sq.apply(x, 3).sum();
    const [g] = torch.autograd.grad(y, x, { create_graph: true });
    expect(torch.repr(Sq.needed)).toBe('(True, False)');
    expect(g?.tolist()).toEqual([6, 12]);
    expect(torch.autograd.grad((g as torch.Tensor).pow(2).sum(), x)[0]?.tolist()).toEqual([72, 144]);
    y.backward();
    expect(() => torch.autograd.grad(y, x)).toThrow(/Trying to backward through the graph a second time/);
    expect(
      torch.autograd.gradcheck((a) => Sq.apply(a, 2), torch.ones(3, { dtype: 'float64', requires_grad: true })),
    ).toBe(true);
  });

  it('records nothing where nothing is', () => {
    expect(torch.str(torch.no_grad(() => Sq.apply(leaf(), 2)))).toBe('tensor([2., 8.])');
    expect(torch.str(Sq.apply(torch.ones(2), 2))).toBe('tensor([2., 2.])');
  });

  it('refuses what was saved and has changed', () => {
    const q = leaf().mul(1);
    const y = Sq.apply(q, 3);
    q.add_(1);
    expect(() => y.sum().backward()).toThrow(
      '[torch.FloatTensor [2]], which is output 0 of Add, is at version 1; expected version 0 instead.',
    );
  });

  it('refuses gradients that do not fit', () => {
    const refusal = (backward: (ctx: Ctx, grad: torch.Tensor) => unknown): (() => void) => {
      class Bad extends Base {
        static override forward(_ctx: Ctx, x: torch.Tensor, k: number): torch.Tensor {
          return x.mul(k);
        }

        static override backward(ctx: Ctx, grad: torch.Tensor): unknown {
          return backward(ctx, grad);
        }
      }
      return () => Bad.apply(leaf(), 2).sum().backward();
    };
    expect(refusal((_, g) => g)).toThrow(
      'function BadBackward returned an incorrect number of gradients (expected 2, got 1)',
    );
    expect(refusal((_, g) => [g.at(':1').expand(3), null])).toThrow(
      'Function BadBackward returned an invalid gradient at index 0 - got [3] but expected shape compatible with [2]',
    );
    expect(refusal((_, g) => [g, g])).toThrow(
      'function BadBackward returned a gradient different than None at position 2, but the corresponding forward input was not a Variable',
    );
    expect(refusal((_, g) => [g.expand(3, 2), null])).not.toThrow();
    expect(refusal(() => [1.5, null])).toThrow('expected Variable or None (got float)');
  });
});

describe('several outputs', () => {
  const seen: string[] = [];
  class Two extends Base {
    static override forward(ctx: Ctx, x: torch.Tensor): torch.Tensor[] {
      ctx.set_materialize_grads(false);
      return [x.mul(2), x.mul(3)];
    }

    static override backward(_ctx: Ctx, a: torch.Tensor | null, b: torch.Tensor | null): torch.Tensor | null {
      seen.push(torch.repr([a, b]));
      if (a === null || b === null) return (a ?? b)?.mul(a === null ? 3 : 2) ?? null;
      return a.mul(2).add(b.mul(3));
    }
  }

  it('call backward once, with what has arrived', () => {
    const x = leaf();
    const [a, b] = Two.apply(x) as [torch.Tensor, torch.Tensor];
    expect(torch.repr([a, b])).toBe(
      '[tensor([2., 4.], grad_fn=<TwoBackward>), tensor([3., 6.], grad_fn=<TwoBackward>)]',
    );
    expect(torch.autograd.grad(a.sum(), x, { retain_graph: true })[0]?.tolist()).toEqual([2, 2]);
    expect(torch.autograd.grad(a.add(b).sum(), x)[0]?.tolist()).toEqual([5, 5]);
    expect(seen).toEqual(['[tensor([1., 1.]), None]', '[tensor([1., 1.]), tensor([1., 1.])]']);
  });

  it('may have no gradient', () => {
    let given: unknown[] = [];
    class Nd extends Base {
      static override forward(ctx: Ctx, x: torch.Tensor): unknown[] {
        const twice = x.mul(2);
        ctx.mark_non_differentiable(twice);
        return [x.mul(1), x.gt(1), twice];
      }

      static override backward(_ctx: Ctx, ...grads: torch.Tensor[]): unknown {
        given = grads;
        return grads[0];
      }
    }
    const x = leaf();
    const outputs = Nd.apply(x);
    expect(torch.repr(outputs)).toBe(
      '(tensor([1., 2.], grad_fn=<NdBackward>), tensor([False,  True]), tensor([2., 4.]))',
    );
    (outputs[0] as torch.Tensor).sum().backward();
    expect(torch.repr(given)).toBe('[tensor([1., 1.]), tensor([False, False]), tensor([0., 0.])]');
  });
});

describe('inputs', () => {
  class Dirty extends Base {
    static override forward(ctx: Ctx, x: torch.Tensor): torch.Tensor {
      x.add_(1);
      ctx.mark_dirty(x);
      return x;
    }

    static override backward(_ctx: Ctx, grad: torch.Tensor): torch.Tensor {
      return grad.mul(10);
    }
  }

  it('may be changed in place, if they are marked', () => {
    const x = leaf();
    const z = x.mul(1);
    expect(Dirty.apply(z)).toBe(z);
    expect(torch.str(z)).toBe('tensor([2., 3.], grad_fn=<DirtyBackward>)');
    expect(torch.autograd.grad(z.sum(), x)[0]?.tolist()).toEqual([10, 10]);
    expect(() => Dirty.apply(leaf())).toThrow(
      'a leaf Variable that requires grad has been used in an in-place operation.',
    );
  });

  it('that are passed on are other tensors', () => {
    class Id extends Base {
      static override forward(_ctx: Ctx, x: torch.Tensor): torch.Tensor {
        return x;
      }

      static override backward(_ctx: Ctx, grad: torch.Tensor): torch.Tensor {
        return grad.mul(10);
      }
    }
    const x = leaf();
    const y = Id.apply(x);
    expect([y === x, torch.str(y)]).toEqual([false, 'tensor([1., 2.], grad_fn=<IdBackward>)']);
    expect(torch.autograd.grad(y.sum(), x)[0]?.tolist()).toEqual([10, 10]);
  });
});

describe('other forms', () => {
  it('set the context up apart', () => {
    class Scaled extends Base {
      static override forward(x: torch.Tensor, k: number): torch.Tensor {
        return x.mul(k);
      }

      static override setup_context(ctx: Ctx, inputs: [torch.Tensor, number], output: torch.Tensor): void {
        ctx['k'] = inputs[1];
        ctx.save_for_backward(inputs[0], output);
      }

      static override backward(ctx: Ctx, grad: torch.Tensor): unknown {
        expect(torch.repr(ctx.saved_tensors)).toBe(
          '(tensor([1., 2.], requires_grad=True), tensor([4., 8.], grad_fn=<ScaledBackward>))',
        );
        return [grad.mul(Number(ctx['k'])), null];
      }
    }
    const x = leaf();
    expect(torch.autograd.grad(Scaled.apply(x, 4).sum(), x)[0]?.tolist()).toEqual([4, 4]);
  });

  it('may forbid to be differentiated twice', () => {
    class Once extends Base {
      static override forward(ctx: Ctx, x: torch.Tensor): torch.Tensor {
        ctx.save_for_backward(x);
        return x.mul(x);
      }

      static override backward = torch.autograd.function.once_differentiable((ctx: Ctx, grad: torch.Tensor) =>
        grad.mul(2).mul(ctx.saved_tensors[0] as torch.Tensor),
      );
    }
    const x = leaf();
    const y = Once.apply(x).mul(x).sum();
    const [g] = torch.autograd.grad(y, x, { create_graph: true });
    expect(g?.tolist()).toEqual([3, 12]);
    expect(() => torch.autograd.grad((g as torch.Tensor).sum(), x)).toThrow(
      'trying to differentiate twice a function that was marked with @once_differentiable',
    );
  });

  it('refuse what is not written, and what is not to be saved', () => {
    class Empty extends Base {}
    expect(() => Empty.apply(leaf())).toThrow(torch.NotImplementedError);
    class Wrong extends Base {
      static override forward(ctx: Ctx, x: torch.Tensor): torch.Tensor {
        ctx.save_for_backward(3 as never);
        return x;
      }
    }
    expect(() => Wrong.apply(leaf())).toThrow(
      'save_for_backward can only save variables, but argument 0 is of type int',
    );
  });
});

describe('hooks', () => {
  it('may put another gradient in the place of one, and go', () => {
    const x = torch.ones(2, { requires_grad: true });
    const handle = x.register_hook((grad) => grad.mul(2));
    x.mul(3).sum().backward();
    expect(x.grad?.tolist()).toEqual([6, 6]);
    handle.remove();
    x.mul(3).sum().backward();
    expect(x.grad?.tolist()).toEqual([9, 9]);
  });

  it('are called in order, before the gradient is kept', () => {
    const x = torch.ones(2, { requires_grad: true });
    const y = x.mul(2);
    const seen: unknown[] = [];
    y.register_hook((grad) => void seen.push(grad.tolist()));
    y.retain_grad();
    y.register_hook((grad) => grad.mul(5));
    y.mul(y).sum().backward();
    expect([seen, y.grad?.tolist(), x.grad?.tolist()]).toEqual([[[4, 4]], [20, 20], [40, 40]]);
  });

  it('work in autograd.grad, and to the second order', () => {
    const x = torch.tensor([1, 2], { requires_grad: true });
    x.register_hook((grad) => grad.mul(grad));
    const [g] = torch.autograd.grad(x.mul(x).sum(), x, { create_graph: true });
    expect(g?.tolist()).toEqual([4, 16]);
  });

  it('see leaves whose grad was added to', () => {
    const x = torch.ones(2, { requires_grad: true });
    const seen: unknown[] = [];
    x.register_post_accumulate_grad_hook((tensor) => seen.push(tensor.grad?.tolist()));
    x.mul(2).sum().backward();
    x.mul(2).sum().backward();
    expect(seen).toEqual([
      [2, 2],
      [4, 4],
    ]);
  });

  it('refuse what is no gradient, and tensors that have none', () => {
    const walk = (hook: (grad: torch.Tensor) => unknown) => () => {
      const x = torch.ones(2, { requires_grad: true });
      x.register_hook(hook as (grad: torch.Tensor) => void);
      x.mul(2).sum().backward();
    };
    expect(walk((grad) => grad.at(':1'))).toThrow(/has changed the size of value/);
    expect(walk(() => 1)).toThrow("expected Variable, but hook returned 'int'");
    expect(() => torch.ones(2).register_hook(() => null)).toThrow(
      "cannot register a hook on a tensor that doesn't require gradient",
    );
    const y = torch.ones(2, { requires_grad: true }).mul(1);
    expect(() => y.register_post_accumulate_grad_hook(() => null)).toThrow(
      'post accumulate grad hooks cannot be registered on non-leaf tensors',
    );
  });
});
