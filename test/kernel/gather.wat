(module
  (type (;0;) (func (param i32 i32 i32 i32 i32 i32 i32)))
  (import "env" "memory" (memory (;0;) 0 65536))
  (func (;0;) (type 0) (param i32 i32 i32 i32 i32 i32 i32)
    (local i32 i32 i32 i32 i32)
    local.get 4
    i32.const 4
    i32.mul
    local.set 7
    local.get 1
    local.get 7
    i32.add
    local.set 8
    local.get 2
    local.get 4
    i32.const 8
    i32.mul
    i32.add
    local.set 9
    local.get 5
    local.tee 11
    i32.const 0
    i32.gt_s
    if  ;; label = @1
      loop  ;; label = @2
        local.get 8
        i32.load align=1
        local.set 10
        local.get 10
        i32.const 0
        i32.ge_s
        local.get 10
        local.get 3
        i32.lt_s
        i32.and
        if  ;; label = @3
          local.get 9
          local.get 0
          local.get 10
          i32.const 8
          i32.mul
          i32.add
          f64.load align=1
          f64.store align=1
        else
          local.get 9
          f64.const 0x0p+0 (;=0;)
          f64.store align=1
        end
        local.get 8
        i32.const 4
        i32.add
        local.set 8
        local.get 9
        i32.const 8
        i32.add
        local.set 9
        local.get 11
        i32.const 1
        i32.sub
        local.tee 11
        br_if 0 (;@2;)
      end
    end)
  (export "run" (func 0)))
