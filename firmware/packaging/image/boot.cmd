# U-Boot's script of every board, from @...@ by scripts/lib/image/disk. Takes the first slot with a try left, counts the
# try down in the older copy of the environment, starts the slot's kernel. Format: firmware/docs/ref/boot.md.
setenv copy_a_addr 0x48000000
setenv copy_b_addr 0x48010000
if test "${devtype}" = "mmc"; then mmc dev ${devnum}; fi
part start ${devtype} ${devnum} bootenv copy_a
setexpr copy_b ${copy_a} + 400

setenv sequence_a
${devtype} read ${copy_a_addr} ${copy_a} 8
setenv BOOT_SEQUENCE
if env import -c ${copy_a_addr} 0x1000 BOOT_SEQUENCE; then setenv sequence_a ${BOOT_SEQUENCE}; fi
setenv sequence_b
${devtype} read ${copy_b_addr} ${copy_b} 8
setenv BOOT_SEQUENCE
if env import -c ${copy_b_addr} 0x1000 BOOT_SEQUENCE; then setenv sequence_b ${BOOT_SEQUENCE}; fi

setenv newest none
if test -n "${sequence_a}"; then setenv newest a; fi
if test -n "${sequence_b}"; then
  if test -n "${sequence_a}"; then
    if itest ${sequence_b} > ${sequence_a}; then setenv newest b; fi
  else
    setenv newest b
  fi
fi
setenv BOOT_ORDER "A B"
setenv BOOT_A_LEFT 3
setenv BOOT_B_LEFT 3
setenv BOOT_SEQUENCE 0
setenv older ${copy_a}
if test "${newest}" = "a"; then
  env import -c ${copy_a_addr} 0x1000 BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT BOOT_SEQUENCE
  setenv older ${copy_b}
fi
if test "${newest}" = "b"; then env import -c ${copy_b_addr} 0x1000 BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT BOOT_SEQUENCE; fi

if test "${BOOT_A_LEFT}${BOOT_B_LEFT}" = "00"; then
  echo "camgate: no slot has a try left, both get three more"
  setenv BOOT_A_LEFT 3
  setenv BOOT_B_LEFT 3
fi
setenv slot
for candidate in ${BOOT_ORDER}; do
  if test -z "${slot}"; then
    if test "${candidate}" = "A"; then
      if itest ${BOOT_A_LEFT} > 0; then setenv slot A; setexpr BOOT_A_LEFT ${BOOT_A_LEFT} - 1; fi
    else
      if itest ${BOOT_B_LEFT} > 0; then setenv slot B; setexpr BOOT_B_LEFT ${BOOT_B_LEFT} - 1; fi
    fi
  fi
done
setexpr BOOT_SEQUENCE ${BOOT_SEQUENCE} + 1
env export -c -s 0x1000 ${copy_a_addr} BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT BOOT_SEQUENCE
${devtype} write ${copy_a_addr} ${older} 8
echo "camgate: slot ${slot}, order ${BOOT_ORDER}, tries left A ${BOOT_A_LEFT} B ${BOOT_B_LEFT}"

if test "${slot}" = "A"; then setenv root root-a; else setenv root root-b; fi
part number ${devtype} ${devnum} ${root} number
setenv bootargs "root=PARTLABEL=${root} ro rauc.slot=${slot} console=@CONSOLE@ panic=10 quiet systemd.volatile=state systemd.show_status=false"
setenv tree ${fdtcontroladdr}
if load ${devtype} ${devnum}:${number} ${kernel_addr_r} /vmlinuz; then
  if test -n "@DEVICE_TREE@"; then
    if load ${devtype} ${devnum}:${number} ${fdt_addr_r} /boot/board.dtb; then setenv tree ${fdt_addr_r}; fi
  fi
  if load ${devtype} ${devnum}:${number} ${ramdisk_addr_r} /initrd.img; then
    @BOOT@ ${kernel_addr_r} ${ramdisk_addr_r}:${filesize} ${tree}
  fi
fi
echo "camgate: slot ${slot} cannot be loaded"
reset
