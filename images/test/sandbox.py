#!/usr/bin/env python3
"""Writes a runc bundle like what Kubernetes makes of a workspace: sandbox.py BUNDLE ROOTFS HOME NETNS [NAME=VALUE...]

uid 1000, no capability, no new privileges, a network of its own with loopback only, the home and /tmp mounted.
What is in /tmp stays when the container is started again, as it does in a pod.
"""
import json
import sys

bundle, rootfs, home, network = sys.argv[1:5]
# One control group a run and image: /tmp/nagaya-images.RUN/IMAGE is nagaya-images-test/RUN/IMAGE.
group = '/nagaya-images-test/' + bundle.rstrip('/').rsplit('.', 1)[-1]
env = {
    'PATH': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME': '/home/dev', 'USER': 'dev',
    'LANG': 'ja_JP.UTF-8', 'TZ': 'Asia/Tokyo', 'SHELL': '/bin/bash',
}
env.update(pair.split('=', 1) for pair in sys.argv[5:])
none = {name: [] for name in ('bounding', 'effective', 'inheritable', 'permitted', 'ambient')}


def mount(kind, destination, *options):
    return {'destination': destination, 'type': kind, 'source': kind, 'options': list(options)}


config = {
    'ociVersion': '1.0.2',
    'process': {
        'terminal': False, 'user': {'uid': 1000, 'gid': 1000}, 'args': ['/usr/local/bin/nagaya-desktop'],
        'env': [f'{name}={value}' for name, value in env.items()], 'cwd': '/home/dev', 'capabilities': none,
        'noNewPrivileges': True,
    },
    'root': {'path': rootfs, 'readonly': False},
    'hostname': 'desktop',
    'mounts': [
        mount('proc', '/proc', 'nosuid', 'noexec', 'nodev'),
        mount('tmpfs', '/dev', 'nosuid', 'strictatime', 'mode=755', 'size=65536k'),
        mount('devpts', '/dev/pts', 'nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'),
        mount('tmpfs', '/dev/shm', 'nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'),
        mount('mqueue', '/dev/mqueue', 'nosuid', 'noexec', 'nodev'),
        mount('sysfs', '/sys', 'nosuid', 'noexec', 'nodev', 'ro'),
        {'destination': '/home/dev', 'type': 'bind', 'source': home, 'options': ['rbind', 'rw']},
        {'destination': '/tmp', 'type': 'bind', 'source': f'{home}-tmp', 'options': ['rbind', 'rw']},
    ],
    'linux': {
        'namespaces': [{'type': kind} for kind in ('pid', 'ipc', 'uts', 'mount')] + [{'type': 'network', 'path': network}],
        'maskedPaths': ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware'],
        'readonlyPaths': ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
        'cgroupsPath': group,
    },
}
with open(f'{bundle}/config.json', 'w') as file:
    json.dump(config, file)
