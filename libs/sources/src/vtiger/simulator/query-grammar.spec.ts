import fc from 'fast-check';
import { parseQuery } from './query-grammar.js';

const name = fc
  .stringMatching(/^[a-z_][a-z0-9_]{2,12}$/)
  .filter(
    (word) =>
      !/^(select|from|where|and|or|order|by|asc|desc|limit|in|like|not|is|null|group|having|join|union|distinct|between|count)$/.test(
        word,
      ),
  );
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

describe('the query language', () => {
  it('takes any text of at least one character between quotes, inner quotes doubled', () => {
    fc.assert(
      fc.property(name, fc.array(text, { minLength: 1, maxLength: 4 }), (column, values) => {
        const query = parseQuery(
          `SELECT * FROM Cases WHERE ${column} IN (${values.map(quoted).join(', ')});`,
        );

        expect(query.where).toEqual([[{ column, operator: 'IN', values }]]);
      }),
    );
  });

  it('puts AND before OR', () => {
    const { where } = parseQuery("SELECT * FROM Cases WHERE a='1' OR b='2' AND c='3' OR d='4';");

    expect(where?.map((all) => all.map(({ column }) => column))).toEqual([['a'], ['b', 'c'], ['d']]);
  });

  it('caps the count of a LIMIT and not its offset', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), (offset, count) => {
        expect(parseQuery(`select id from Cases limit ${offset}, ${count};`)).toMatchObject({
          offset,
          count: Math.min(100, count),
        });
        expect(parseQuery(`select id from Cases limit ${count};`)).toMatchObject({
          offset: 0,
          count: Math.min(100, count),
        });
      }),
    );
  });

  it('either reads a query or says where it is wrong', () => {
    const piece = fc.oneof(
      name,
      text,
      fc.constantFrom(
        ...['SELECT', '*', 'FROM', 'WHERE', 'AND', 'LIMIT', ',', ';', '(', ')', '=', "'a'", "''", '7'],
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          expect(parseQuery(pieces.join(' ')).count).toBeLessThanOrEqual(100);
        } catch (error) {
          expect(error).toMatchObject({ code: 'QUERY_SYNTAX_ERROR' });
        }
      }),
    );
  });

  it('names the line of the mistake', () => {
    expect(() => parseQuery('SELECT *\nFROM Cases\nWHERE (a=1);')).toThrow(
      "Syntax Error on line 3: token '('",
    );
  });
});
