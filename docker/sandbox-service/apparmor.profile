# Loaded on every node that runs the sandbox: apparmor_parser --replace apparmor.profile
# A container engine's default profile denies mount, and bubblewrap builds its jails with it. What a jail may do is decided by its
# own namespaces, mounts and filter; this profile keeps the service around it away from the host's switches.
abi <abi/3.0>,
#include <tunables/global>

profile fewbit-sandbox-service flags=(attach_disconnected,mediate_deleted) {
  #include <abstractions/base>

  network inet stream,
  network inet6 stream,
  network inet dgram,
  network inet6 dgram,
  network unix,
  network netlink raw,
  capability,
  file,
  mount,
  umount,
  pivot_root,
  signal (send, receive) peer=fewbit-sandbox-service,
  signal (receive) peer=unconfined,

  deny @{PROC}/sysrq-trigger rwklx,
  deny @{PROC}/kcore rwklx,
  deny @{PROC}/mem rwklx,
  deny @{PROC}/kmem rwklx,
  deny @{PROC}/sys/kernel/core_pattern w,
  deny @{PROC}/sys/vm/** w,
  deny /sys/firmware/** rwklx,
  deny /sys/kernel/security/** rwklx,
}
