import { cardTextHtml, chatTextHtml } from './chat-text.js';

const card = (text: string): string =>
  /^<span class="text">([^]*)<\/span>$/.exec(cardTextHtml(text).text)?.[1] ?? '';
const message = (text: string): string =>
  /^<span class="text">([^]*)<\/span>$/.exec(
    chatTextHtml(text, (user) => (user === 'users/1' ? 'Олена <b>' : undefined)).text,
  )?.[1] ?? '';

describe('the text of a card', () => {
  it.each([
    ['a few tags', '<b>bold</b> <i>i</i> <u>u</u> <s>s</s>', '<b>bold</b> <i>i</i> <u>u</u> <s>s</s>'],
    ['line ends', 'a<br>b<br/>c', 'a<br />b<br />c'],
    ['colours', '<font color="#80868b">soft</font>', '<font color="#80868b">soft</font>'],
    ['colours that are none', '<font color="red;x">soft</font>', '<span>soft</span>'],
    ['entities', '&lt;b&gt; &amp; &quot;', '&lt;b&gt; &amp; &quot;'],
    ['tags that nobody closed', '<b>one <i>two', '<b>one <i>two</i></b>'],
    ['tags that cross', '<b>one <i>two</b> three</i>', '<b>one <i>two</i></b> three'],
    ['what nobody escaped', '<script>x</script> 1 < 2', '&lt;script&gt;x&lt;/script&gt; 1 &lt; 2'],
    ['links that lead nowhere', '<a href="javascript:x">press</a>', '<span>press</span>'],
  ])('shows %s', (_what, text, shown) => {
    expect(card(text)).toBe(shown);
  });

  it('has links, with nothing in them that ends the attribute', () => {
    expect(card('<a href="https://a.example/?x=1&amp;y=%22">it</a>')).toContain(
      '<a href="https://a.example/?x=1&amp;y=%22"',
    );
  });
});

describe('the text of a message', () => {
  it.each([
    [
      'marks',
      '*bold* _italic_ ~struck~ `code`',
      '<strong>bold</strong> <em>italic</em> <del>struck</del> <code>code</code>',
    ],
    ['signs within words', 'snake_case_keys 2*3*4', 'snake_case_keys 2*3*4'],
    ['fences', '```\n*as it is*\n```', '<pre>*as it is*</pre>'],
    ['mentions by name', '<users/1>', '<span class="mention">@Олена &lt;b&gt;</span>'],
    ['mentions of nobody', '<users/2>', '<span class="mention unknown">@users/2</span>'],
    ['mentions of all', '<users/all>', '<span class="mention loud">@all</span>'],
    ['markup that is none here', '&lt;b&gt; <b>', '&amp;lt;b&amp;gt; &lt;b&gt;'],
    ['links that lead nowhere', '<javascript:x|press>', 'press'],
  ])('shows %s', (_what, text, shown) => {
    expect(message(text)).toBe(shown);
  });

  it('makes links of addresses, with or without a label', () => {
    expect(message('see <https://a.example|this> and https://b.example/x')).toMatch(
      /<a href="https:\/\/a\.example"[^>]*>this<\/a> and <a href="https:\/\/b\.example\/x"/,
    );
  });
});
