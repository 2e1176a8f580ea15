// JSON-RPC 2.0 messages, and lines that are not one.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RpcError } from './errors.ts';
import { parseReply as parseLine, request } from './messages.ts';

const parseReply = (line: string) => parseLine(Buffer.from(line));

function refusal(line: string): RpcError {
  try {
    parseReply(line);
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
  throw new Error(`not refused: ${line}`);
}

describe('a request', () => {
  test('is one line with version 2.0, a number as id, and the params', () => {
    expect(request(7, 'getinfo', [])).toBe('{"jsonrpc":"2.0","id":7,"method":"getinfo","params":[]}\n');
    expect(JSON.parse(request(1, 'query', { items: ['a\nb'], limit: 5 }))).toEqual({
      jsonrpc: '2.0',
      id: 1,
      method: 'query',
      params: { items: ['a\nb'], limit: 5 },
    });
  });

  test('stays one line whatever strings are in it', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (method, params) => {
        const line = request(1, method, params);
        expect(line.indexOf('\n')).toBe(line.length - 1);
      }),
    );
  });
});

describe('a reply', () => {
  test('has an id and a result', () => {
    expect(parseReply('{"jsonrpc": "2.0", "result": [1], "id": 3}')).toEqual({ id: 3, result: [1] });
  });

  test('can have null or a string as id, and no jsonrpc', () => {
    expect(parseReply('{"result": 1, "id": null}')).toEqual({ id: null, result: 1 });
    expect(parseReply('{"result": 1, "id": "a"}')).toEqual({ id: 'a', result: 1 });
  });

  test.each(['null', 'false', '0', '""', '[]'])('may have %s as result', (result) => {
    expect(parseReply(`{"result": ${result}, "error": null, "id": 1}`)).toEqual({
      id: 1,
      result: JSON.parse(result) as unknown,
    });
  });

  test('can contain NaN and Infinity, which Python writes; they become null', () => {
    const line = '{"result": {"a": NaN, "b": [Infinity, -Infinity], "c": "\\"NaN, -Infinity", "d": -1}, "id": 1}';
    expect(parseReply(line)).toEqual({ id: 1, result: { a: null, b: [null, null], c: '"NaN, -Infinity', d: -1 } });
    expect(refusal('{"result": {NaN: 1}, "id": NaN').message).toBe('the reply is not JSON');
  });

  test('takes linear time to parse or to refuse, whatever it contains', () => {
    expect(refusal('{"x":"' + '\\"'.repeat(2_000_000)).message).toBe('the reply is not JSON');
    const long = '\\"'.repeat(4_000_000);
    expect(parseReply(`{"result":["${long}",NaN],"id":1}`)).toEqual({ id: 1, result: ['"'.repeat(4_000_000), null] });
  });

  test('can be an error, which takes precedence over a result', () => {
    const reply = parseReply('{"result": null, "error": {"message": "unknown method", "code": -32601}, "id": 2}');
    expect(reply).toEqual({ id: 2, error: new RpcError('remote', 'unknown method', -32601) });
    expect(reply).toHaveProperty('error.kind', 'remote');
    expect(reply).toHaveProperty('error.code', -32601);
  });

  test.each(['"text"', '5', '[]', '{}', '{"code": "5", "message": 7}', 'true'])(
    'can be the error %s, which has no code and no message',
    (error) => {
      const reply = parseReply(`{"error": ${error}, "id": 2}`);
      expect(reply).toHaveProperty('error.kind', 'remote');
      expect(reply).toHaveProperty('error.message', 'an error without a message');
      expect(reply).toHaveProperty('error.code', undefined);
    },
  );

  test('keeps untrusted keys unchanged', () => {
    const { result } = parseReply('{"result": {"__proto__": {"id": 5}, "constructor": 1}, "id": 1}') as {
      result: object;
    };
    expect(Object.keys(result)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });
});

describe('no reply', () => {
  test.each(['', ' ', '{', 'HTTP/1.1 400 Bad Request\r', '{"id": 1, "result": nan}', '\uFFFD', "{'id': 1}"])(
    'is %j, which is not JSON',
    (line) => {
      expect(refusal(line)).toMatchObject({ kind: 'protocol', message: 'the reply is not JSON' });
    },
  );

  test.each(['null', '1', '"text"', 'true', '[]', '[{"id": 1, "result": 1}]'])(
    'is %s, which is not an object',
    (line) => {
      expect(refusal(line)).toMatchObject({ kind: 'protocol', message: 'the reply is not a JSON object' });
    },
  );

  test.each([
    '{}',
    '{"result": 1}',
    '{"id": {}, "result": 1}',
    '{"id": true, "result": 1}',
    '{"__proto__": {"id": 1}}',
  ])('is %s, which has no usable id', (line) => {
    expect(refusal(line)).toMatchObject({ kind: 'protocol', message: 'the reply has no id' });
  });

  test.each(['{"id": 1}', '{"id": 1, "error": null}', '{"id": 1, "method": "getinfo", "params": []}'])(
    'is %s, which has neither a result nor an error',
    (line) => {
      expect(refusal(line)).toMatchObject({ kind: 'protocol' });
    },
  );

  test('is refused with the kind protocol and no other, whatever the line contains', () => {
    const message = fc.record(
      { id: fc.jsonValue(), result: fc.jsonValue(), error: fc.jsonValue() },
      { requiredKeys: [] },
    );
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      message.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(line, (text) => {
        try {
          const reply = parseReply(text);
          expect(['number', 'string', 'object']).toContain(typeof reply.id);
        } catch (error) {
          expect(error).toBeInstanceOf(RpcError);
          expect(error).toHaveProperty('kind', 'protocol');
        }
      }),
    );
  });

  test('is nesting so deep that JSON cannot be read; what can be read is a reply', () => {
    const nested = (depth: number) => `{"id": 1, "result": ${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(parseReply(nested(5000))).toHaveProperty('id', 1);
    let outcome: unknown;
    try {
      outcome = parseReply(nested(2_000_000)).id;
    } catch (error) {
      outcome = error;
    }
    expect(outcome).toHaveProperty('kind', 'too_large');
  });
});
