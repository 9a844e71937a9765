#!/usr/bin/env python3
"""usage: trim.py

Holds scripts/lib/image/trim to this: a kernel module stays with all that it needs, wherever that lies. dm-verity, which updates are read through,
hangs on one of a folder that nothing else is wanted of.
"""
import importlib.machinery
import importlib.util
import pathlib
import sys

TRIM = pathlib.Path(__file__).resolve().parents[2] / "scripts/lib/image/trim"
MODULES = """\
kernel/drivers/md/dm-verity.ko: kernel/drivers/md/dm-mod.ko kernel/drivers/dax/dax.ko kernel/lib/reed_solomon/reed_solomon.ko
kernel/drivers/md/dm-mod.ko: kernel/drivers/dax/dax.ko
kernel/drivers/dax/dax.ko:
kernel/drivers/dax/hmem/dax_hmem.ko:
kernel/drivers/scsi/sd_mod.ko: kernel/drivers/scsi/scsi_mod.ko
kernel/drivers/scsi/scsi_mod.ko:
kernel/drivers/scsi/hpsa.ko: kernel/drivers/scsi/scsi_mod.ko
kernel/drivers/gpu/drm/drm.ko:
kernel/lib/reed_solomon/reed_solomon.ko:
kernel/lib/test_bpf.ko:
kernel/sound/core/snd.ko:
"""
LEFT_OUT = {"drivers/dax/hmem/dax_hmem", "drivers/scsi/hpsa", "drivers/gpu/drm/drm", "lib/test_bpf", "sound/core/snd"}


def main():
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader("trim", str(TRIM))
    trim = importlib.util.module_from_spec(importlib.util.spec_from_loader("trim", loader))
    loader.exec_module(trim)
    left_out = {line.split(":")[0] for line in MODULES.splitlines()} - trim.kept_modules(MODULES)
    expected = {f"kernel/{module}.ko" for module in LEFT_OUT}
    if left_out != expected:
        sys.exit(f"trim leaves out {sorted(left_out)}, expected {sorted(expected)}")


main()
