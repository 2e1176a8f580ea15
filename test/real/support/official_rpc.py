"""Runs the electrumx_rpc script of a release, unchanged, with recorded replies in the place of a connection.

Arguments: the unpacked release, and the epoch time that the script is to believe in. On standard input a JSON list of
{"command", "line"}; on standard output the JSON list of what the script printed for each.
"""
import ast
import asyncio
import collections.abc
import contextlib
import glob
import io
import json
import os
import sys
import time
import types

folder, clock = sys.argv[1], float(sys.argv[2])
reply = None


class Session:
    """What each generation of the script makes of aiorpcX: something to enter, and to ask."""

    transport = types.SimpleNamespace(_framer=types.SimpleNamespace())
    framer = types.SimpleNamespace()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        return False

    async def send_request(self, *_, **__):
        return reply


class Anything(type):
    def __getattr__(cls, name):
        return cls


class Unused(metaclass=Anything):
    """What the package takes from aiorpcx as it is imported, and does not need for printing."""


def find(*patterns):
    found = [path for pattern in patterns for path in glob.glob(os.path.join(folder, pattern), recursive=True)]
    if not found:
        sys.exit(f'no {patterns} in {folder}')
    return found[0]


def stand_in(name, **attributes):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(attributes)


def old_controller(path):
    """The functions that print tables were methods of the server's controller, which imports half the server."""
    from electrumx.lib import util
    with open(path) as source:
        tree = ast.parse(source.read())
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == 'Controller')
    body.bases = []
    body.body = [node for node in body.body if getattr(node, 'name', '').endswith('_text_lines')]
    scope = {'time': time, 'util': util}
    exec(compile(ast.Module([body], []), path, 'exec'), scope)
    return scope['Controller']


def session(*_, **__):
    return Session()


# up to 1.8 these are looked for where Python 3.9 and older had them
vars(collections).update(Container=collections.abc.Container, Mapping=collections.abc.Mapping)
stand_in('aiorpcx', ClientSession=session, Connector=session, connect_rs=session, timeout_after=session,
         __getattr__=lambda name: Unused)
# the package's own __init__ may import the whole server
package = os.path.dirname(os.path.dirname(find('**/electrumx/lib/util.py')))
stand_in('electrumx', __path__=[package])
if not os.path.exists(os.path.join(package, 'lib', 'text.py')):
    sys.modules['electrumx'].Controller = old_controller(find('**/electrumx/server/controller.py'))
script = find('**/scripts/electrumx_rpc', '**/electrumx_rpc.py', 'electrumx_rpc', '*/electrumx_rpc')
with open(script) as source:
    code = compile(source.read(), script, 'exec')
time.time = lambda: clock

printed = []
for item in json.load(sys.stdin):
    reply = json.loads(item['line'])['result']
    sys.argv = ['electrumx_rpc', item['command']]
    output = io.StringIO()
    asyncio.set_event_loop(asyncio.new_event_loop())
    with contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
        exec(code, {'__name__': '__main__'})
    printed.append(output.getvalue())
json.dump(printed, sys.stdout)
