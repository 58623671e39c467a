/** torch.nn.Module: what cells can't say, of classes a user writes, of hooks, names and memory. */

import { inspect } from 'node:util';
import { info, tidy } from 'adjoint';
import * as torch from 'adjoint/torch';
import { describe, expect, test } from 'vitest';

const { nn } = torch;

class Net extends nn.Module {
  conv = new nn.Conv2d(1, 2, 3);
  scale = new nn.Parameter(torch.ones(1));
  head = new nn.Sequential(new nn.Flatten(), new nn.Linear(8, 3));

  override forward(x: torch.Tensor): torch.Tensor {
    return this.head(this.conv(x).relu().mul(this.scale));
  }
}

const TEXT = `Net(
  (conv): Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1))
  (head): Sequential(
    (0): Flatten(start_dim=1, end_dim=-1)
    (1): Linear(in_features=8, out_features=3, bias=True)
  )
)`;

describe('a module', () => {
  test('is called as a function, and is an instance of its class', () => {
    const net = new Net();
    const y: torch.Tensor = net(torch.ones(2, 1, 4, 4));
    expect(y.tolist()).toEqual(net.forward(torch.ones(2, 1, 4, 4)).tolist());
    expect(net).toBeInstanceOf(Net);
    expect(net).toBeInstanceOf(nn.Module);
    expect(Object.keys(net)).toEqual(['training', 'conv', 'scale', 'head']);
  });

  test('prints as in PyTorch', () => {
    const net = new Net();
    expect(String(net)).toBe(TEXT);
    expect(torch.repr(net)).toBe(TEXT);
    expect(inspect(net)).toBe(TEXT);
  });

  test('finds what is its own, in order: parameters, then those of submodules', () => {
    const net = new Net();
    const names = ['scale', 'conv.weight', 'conv.bias', 'head.1.weight', 'head.1.bias'];
    expect(net.named_parameters().map(([name]) => name)).toEqual(names);
    expect(net.named_parameters('net', false).map(([name]) => name)).toEqual(['net.scale']);
    expect(net.parameters({ recurse: false }).map((parameter) => parameter === net.scale)).toEqual([true]);
    expect(net.named_children().map(([name]) => name)).toEqual(['conv', 'head']);
    expect(net.named_modules().map(([name]) => name)).toEqual(['', 'conv', 'head', 'head.0', 'head.1']);
    expect(net.get_submodule('head.1')).toBe(net.head[1]);
    expect(net.get_parameter('conv.bias')).toBe(net.conv.bias);
    expect(() => net.get_parameter('conv.none')).toThrow(torch.AdjointError);
  });

  test('has what is assigned later, and forgets what is deleted', () => {
    class Open extends nn.Module {
      first: torch.nn.Linear | null = new nn.Linear(1, 1);
      second?: torch.nn.Linear;
    }
    const open = new Open();
    open.second = new nn.Linear(2, 2);
    expect(open.parameters().length).toBe(4);
    open.first = null;
    expect(open.named_parameters().map(([name]) => name)).toEqual(['second.weight', 'second.bias']);
    delete open.second;
    expect(open.parameters()).toEqual([]);
  });

  test('counts what it shares once, and stores it twice', () => {
    class Tied extends nn.Module {
      a = new nn.Linear(2, 2, { bias: false });
      b = new nn.Linear(2, 2, { bias: false });

      constructor() {
        super();
        this.b.weight = this.a.weight;
      }
    }
    const tied = new Tied();
    expect(tied.parameters().length).toBe(1);
    expect(Object.keys(tied.state_dict())).toEqual(['a.weight', 'b.weight']);
  });

  test('keeps buffers, and leaves those out of its state that are not persistent', () => {
    const module = new nn.Module();
    module.register_buffer('kept', torch.ones(2));
    module.register_buffer('passing', torch.ones(3), { persistent: false });
    expect(module.named_buffers().map(([name]) => name)).toEqual(['kept', 'passing']);
    expect(Object.keys(module.state_dict({ prefix: 'm.' }))).toEqual(['m.kept']);
    expect(() => module.register_buffer('forward', null)).toThrow("attribute 'forward' already exists");
  });

  test('without forward says so', () => {
    expect(() => new nn.Module().__call__(1)).toThrow('Module [Module] is missing the required "forward" function');
  });
});

describe('hooks', () => {
  test('see and change what goes in and comes out, until they are removed', () => {
    const module = new nn.Identity();
    const seen: unknown[] = [];
    const before = module.register_forward_pre_hook((_, [x]) => [(x as torch.Tensor).mul(2)]);
    const after = module.register_forward_hook((given, args, output) => {
      seen.push(given === module, args.length);
      return (output as torch.Tensor).add(1);
    });
    const x = torch.ones(1);
    expect(module(x).tolist()).toEqual([3]);
    expect(seen).toEqual([true, 1]);
    before.remove();
    expect(module(x).tolist()).toEqual([2]);
    after.remove();
    expect(module(x).tolist()).toEqual([1]);
  });

  test('apply goes through all modules, children first', () => {
    const names: string[] = [];
    new Net().apply((module) => void names.push(module._get_name()));
    expect(names).toEqual(['Conv2d', 'Flatten', 'Linear', 'Sequential', 'Net']);
  });
});

describe('state', () => {
  test('is the module itself: it shows later steps, and loads into another', () => {
    const [a, b] = [new Net(), new Net()];
    expect(String(b.load_state_dict(a.state_dict()))).toBe('<All keys matched successfully>');
    expect(String(b.conv.weight)).toBe(String(a.conv.weight));
    expect(b.conv.weight.requires_grad).toBe(true);
  });

  test('takes plain objects and maps; nothing is copied where something fails', () => {
    const module = new nn.Linear(1, 1);
    const before = String(module.state_dict());
    const bad = { weight: torch.zeros(1, 1), bias: torch.zeros(2) };
    expect(() => module.load_state_dict(bad)).toThrow(
      'Error(s) in loading state_dict for Linear:\n\tsize mismatch for bias: copying a param with shape ' +
        'torch.Size([2]) from checkpoint, the shape in current model is torch.Size([1]).',
    );
    expect(String(module.state_dict())).toBe(before);
    const missing = module.load_state_dict({ weight: torch.zeros(1, 1), more: torch.ones(1) }, { strict: false });
    expect(missing.missing_keys).toEqual(['bias']);
    expect([...missing]).toEqual([['bias'], ['more']]);
    expect(String(missing)).toBe("_IncompatibleKeys(missing_keys=['bias'], unexpected_keys=['more'])");
    module.load_state_dict(new Map(Object.entries({ weight: torch.ones(1, 1), bias: torch.ones(1) })) as never);
    expect(module(torch.ones(1)).tolist()).toEqual([2]);
  });

  test('names all that is wrong', () => {
    expect(() => new Net().load_state_dict({ 'head.2.weight': torch.ones(1), 'conv.weight': 3 })).toThrow(
      'Error(s) in loading state_dict for Net:\n\tMissing key(s) in state_dict: "scale", "conv.bias", ' +
        '"head.1.weight", "head.1.bias". \n\tUnexpected key(s) in state_dict: "head.2.weight". \n\tWhile copying the ' +
        'parameter named "conv.weight", expected torch.Tensor',
    );
  });
});

describe('containers', () => {
  test('Sequential takes names, and gives them', () => {
    const named = new nn.Sequential({ first: new nn.Linear(1, 1), second: new nn.Tanh() });
    expect(String(named)).toContain('(second): Tanh()');
    const mapped = new nn.Sequential(new Map([['7', new nn.Tanh()]]));
    expect(mapped.named_children().map(([name]) => name)).toEqual(['7']);
    expect(named.length).toBe(2);
    expect([...named].length).toBe(2);
    expect(named.at(-1)).toBeInstanceOf(nn.Tanh);
    expect(() => named.at(2)).toThrow(torch.IndexError);
  });

  test('ModuleList and ModuleDict are part of a module', () => {
    class Many extends nn.Module {
      list = new nn.ModuleList([new nn.Linear(2, 2), new nn.ReLU()]);
      dict = new nn.ModuleDict({ a: new nn.Linear(2, 2) });

      override forward(x: torch.Tensor): torch.Tensor {
        for (const layer of this.list) x = layer(x);
        return this.dict.at('a')(x);
      }
    }
    const many = new Many();
    expect(many(torch.ones(2)).shape).toEqual(torch.ones(2).shape);
    expect(many.parameters().length).toBe(4);
    expect(many.dict.keys()).toEqual(['a']);
    expect(many.dict.pop('a')).toBeInstanceOf(nn.Linear);
    expect(many.dict.length).toBe(0);
    expect(() => many.dict.at('a')).toThrow(torch.AdjointError);
    expect(many.list.pop(0)).toBeInstanceOf(nn.Linear);
    expect(String(many.list)).toBe('ModuleList(\n  (0): ReLU()\n)');
  });
});

describe('training', () => {
  test('outlives tidy, and needs no more memory with every step', () => {
    const net = new nn.Sequential(new nn.Linear(64, 64), new nn.ReLU(), new nn.Linear(64, 16));
    const optimizer = new torch.optim.Adam(net.parameters(), { lr: 1e-3 });
    const loss = new nn.MSELoss();
    const [x, y] = [torch.ones(32, 64), torch.zeros(32, 16)];
    const step = (): number =>
      tidy(() => {
        optimizer.zero_grad();
        const value = loss(net(x), y);
        value.backward();
        optimizer.step();
        return Number(value.item());
      });
    const first = step();
    step();
    // 85 MB in all, of which a collection leaves what is used.
    for (let i = 0; i < 1000; i++) step();
    expect(step()).toBeLessThan(first);
    expect(info().heap.used).toBeLessThan(40e6);
  });

  test('groups have options of their own', () => {
    const [a, b] = [torch.ones(1, { requires_grad: true }), torch.ones(1, { requires_grad: true })];
    const optimizer = new torch.optim.SGD([{ params: [a] }, { params: [b], lr: 0.5 }], { lr: 0.1 });
    a.add(b).sum().backward();
    optimizer.step();
    expect([a.item(), b.item()].map((x) => Number(x).toFixed(3))).toEqual(['0.900', '0.500']);
    expect(optimizer.param_groups[1]?.lr).toBe(0.5);
    expect(() => optimizer.add_param_group({ params: a })).toThrow('more than one parameter group');
  });

  test('step calls the closure with gradients on, and returns its loss', () => {
    const x = torch.ones(1, { requires_grad: true });
    const optimizer = new torch.optim.SGD([x], { lr: 0.5 });
    const loss = torch.no_grad(() =>
      optimizer.step(() => {
        const value = x.mul(x).sum();
        value.backward();
        return value;
      }),
    );
    expect([loss.item(), x.item()]).toEqual([1, 0]);
  });
});
