(module
  (type (;0;) (func (param i32 i32 i32 i32 i32 i32)))
  (import "env" "memory" (memory (;0;) 0 65536))
  (func (;0;) (type 0) (param i32 i32 i32 i32 i32 i32)
    (local f32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    local.get 2
    f32.load align=1
    local.set 6
    local.get 3
    i32.const 4
    i32.mul
    local.set 7
    local.get 4
    i32.const 2
    i32.shr_s
    local.set 8
    local.get 0
    local.get 7
    i32.add
    local.set 9
    local.get 1
    local.get 7
    i32.add
    local.set 10
    local.get 8
    local.tee 14
    i32.const 0
    i32.gt_s
    if  ;; label = @1
      loop  ;; label = @2
        local.get 10
        local.get 10
        v128.load align=1
        local.get 6
        f32x4.splat
        local.get 9
        v128.load align=1
        f32x4.mul
        f32x4.add
        v128.store align=1
        local.get 9
        i32.const 16
        i32.add
        local.set 9
        local.get 10
        i32.const 16
        i32.add
        local.set 10
        local.get 14
        i32.const 1
        i32.sub
        local.tee 14
        br_if 0 (;@2;)
      end
    end
    local.get 7
    local.get 8
    i32.const 16
    i32.mul
    i32.add
    local.set 11
    local.get 0
    local.get 11
    i32.add
    local.set 12
    local.get 1
    local.get 11
    i32.add
    local.set 13
    local.get 4
    local.get 8
    i32.const 4
    i32.mul
    i32.sub
    local.tee 15
    i32.const 0
    i32.gt_s
    if  ;; label = @1
      loop  ;; label = @2
        local.get 13
        local.get 13
        f32.load align=1
        local.get 6
        local.get 12
        f32.load align=1
        f32.mul
        f32.add
        f32.store align=1
        local.get 12
        i32.const 4
        i32.add
        local.set 12
        local.get 13
        i32.const 4
        i32.add
        local.set 13
        local.get 15
        i32.const 1
        i32.sub
        local.tee 15
        br_if 0 (;@2;)
      end
    end)
  (export "run" (func 0)))
