(module
  (type (;0;) (func (param i32 i32 i32)))
  (type (;1;) (func (param i32 i32 i32 i32)))
  (type (;2;) (func (param i32 i32 i32 i32 i32)))
  (import "env" "memory" (memory (;0;) 0 65536))
  (func (;0;) (type 0) (param i32 i32 i32)
    (local v128 v128 v128 v128 v128 v128)
    local.get 0
    v128.load32_zero align=1
    i16x8.extend_low_i8x16_u
    i32x4.extend_low_i16x8_u
    local.set 3
    local.get 1
    v128.load32_zero align=1
    i16x8.extend_low_i8x16_u
    i32x4.extend_low_i16x8_u
    local.set 4
    v128.const i32x4 0x00000001 0x00000001 0x00000001 0x00000001
    v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000
    local.get 3
    local.get 4
    i32x4.gt_s
    v128.bitselect
    v128.const i32x4 0x00000001 0x00000001 0x00000001 0x00000001
    v128.const i32x4 0x00000001 0x00000001 0x00000001 0x00000001
    i32x4.add
    local.get 3
    v128.const i32x4 0x0000000a 0x0000000a 0x0000000a 0x0000000a
    i32x4.ge_s
    local.get 4
    v128.const i32x4 0x0000000a 0x0000000a 0x0000000a 0x0000000a
    i32x4.ge_s
    v128.and
    v128.bitselect
    local.set 7
    local.get 2
    local.get 7
    local.get 7
    i8x16.shuffle 0 4 8 12 0 4 8 12 0 4 8 12 0 4 8 12
    v128.store32_lane align=1 0
    local.get 0
    v128.load32_zero offset=4 align=1
    i16x8.extend_low_i8x16_u
    i32x4.extend_low_i16x8_u
    local.set 5
    local.get 1
    v128.load32_zero offset=4 align=1
    i16x8.extend_low_i8x16_u
    i32x4.extend_low_i16x8_u
    local.set 6
    v128.const i32x4 0x00000001 0x00000001 0x00000001 0x00000001
    v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000
    local.get 5
    local.get 6
    i32x4.gt_s
    v128.bitselect
    v128.const i32x4 0x00000001 0x00000001 0x00000001 0x00000001
    v128.const i32x4 0x00000001 0x00000001 0x00000001 0x00000001
    i32x4.add
    local.get 5
    v128.const i32x4 0x0000000a 0x0000000a 0x0000000a 0x0000000a
    i32x4.ge_s
    local.get 6
    v128.const i32x4 0x0000000a 0x0000000a 0x0000000a 0x0000000a
    i32x4.ge_s
    v128.and
    v128.bitselect
    local.set 8
    local.get 2
    local.get 8
    local.get 8
    i8x16.shuffle 0 4 8 12 0 4 8 12 0 4 8 12 0 4 8 12
    v128.store32_lane offset=4 align=1 0)
  (func (;1;) (type 1) (param i32 i32 i32 i32)
    (local i32 i32 i32 i32 i32 i32)
    local.get 0
    local.set 4
    local.get 1
    local.set 5
    local.get 2
    local.set 6
    local.get 3
    local.tee 9
    i32.const 0
    i32.gt_s
    if  ;; label = @1
      loop  ;; label = @2
        local.get 4
        i32.load8_u
        local.set 7
        local.get 5
        i32.load8_u
        local.set 8
        local.get 6
        i32.const 1
        i32.const 0
        local.get 7
        local.get 8
        i32.gt_s
        select
        i32.const 2
        local.get 7
        i32.const 10
        i32.ge_s
        local.get 8
        i32.const 10
        i32.ge_s
        i32.and
        select
        i32.store8
        local.get 4
        i32.const 1
        i32.add
        local.set 4
        local.get 5
        i32.const 1
        i32.add
        local.set 5
        local.get 6
        i32.const 1
        i32.add
        local.set 6
        local.get 9
        i32.const 1
        i32.sub
        local.tee 9
        br_if 0 (;@2;)
      end
    end)
  (func (;2;) (type 2) (param i32 i32 i32 i32 i32)
    (local i32 i32 i32 i32 i32 i32)
    i32.const 0
    local.set 5
    local.get 3
    local.tee 10
    i32.const 0
    i32.gt_s
    if  ;; label = @1
      loop  ;; label = @2
        local.get 10
        i32.const 8
        local.get 10
        i32.const 8
        i32.lt_s
        select
        local.set 6
        local.get 0
        local.get 5
        i32.add
        local.set 7
        local.get 1
        local.get 5
        i32.add
        local.set 8
        local.get 2
        local.get 5
        i32.add
        local.set 9
        local.get 6
        i32.const 8
        i32.eq
        if  ;; label = @3
          local.get 7
          local.get 8
          local.get 9
          call 0
        else
          local.get 7
          local.get 8
          local.get 9
          local.get 6
          call 1
        end
        local.get 5
        i32.const 8
        i32.add
        local.set 5
        local.get 10
        i32.const 8
        i32.sub
        local.tee 10
        i32.const 0
        i32.gt_s
        br_if 0 (;@2;)
      end
    end)
  (export "run" (func 2)))
