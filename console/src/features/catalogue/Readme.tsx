import { marked, type Token, type Tokens } from "marked";
import { createElement, useMemo, type ReactNode } from "react";
import { useT } from "../../app/i18n";
import { webAddress } from "./logic";

/**
 * A text of Markdown as React's own elements: nothing of it is ever taken as HTML, so there is nothing to clean. HTML in it is left out,
 * pictures are their words (the content security policy fetches none from elsewhere), and links lead to the web only.
 */
export default function Readme({ text }: { readonly text: string }) {
  const { t } = useT();
  const tokens = useMemo(() => marked.lexer(text, { gfm: true }), [text]);
  return (
    <div className="ngy-readme pf-v6-c-content" lang="en">
      {blocks(tokens, (alt) => t("catalogue:readme.image", { text: alt }))}
    </div>
  );
}

type Picture = (alt: string) => string;

const blocks = (tokens: readonly Token[] | undefined, picture: Picture): ReactNode[] => (tokens ?? []).map((token, at) => block(token, at, picture));

/** The page has its h1 already, and tabs above; a readme's title is below both. */
const heading = (depth: number) => `h${Math.min(6, depth + 1)}`;

function block(token: Token, key: number, picture: Picture): ReactNode {
  switch (token.type) {
    case "heading": {
      const { depth, tokens } = token as Tokens.Heading;
      return createElement(heading(depth), { key }, inline(tokens, picture));
    }
    case "paragraph":
      return <p key={key}>{inline((token as Tokens.Paragraph).tokens, picture)}</p>;
    case "code":
      return (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be scrollable by keyboard
        <pre key={key} className="ngy-pre" tabIndex={0}>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case "blockquote":
      return <blockquote key={key}>{blocks((token as Tokens.Blockquote).tokens, picture)}</blockquote>;
    case "list": {
      const { ordered, start, items } = token as Tokens.List;
      const entries = items.map((item, at) => <li key={at}>{blocks(item.tokens, picture)}</li>); // oxlint-disable-line react/no-array-index-key -- a text does not reorder
      return ordered ? (
        <ol key={key} start={start || 1}>
          {entries}
        </ol>
      ) : (
        <ul key={key}>{entries}</ul>
      );
    }
    case "table":
      return <ReadmeTable key={key} table={token as Tokens.Table} picture={picture} />;
    case "hr":
      return <hr key={key} />;
    case "space":
    case "html":
    case "def":
      return null;
    default:
      return "tokens" in token && token.tokens ? <span key={key}>{inline(token.tokens, picture)}</span> : one(token, key, picture);
  }
}

function ReadmeTable({ table: { header, rows }, picture }: { readonly table: Tokens.Table; readonly picture: Picture }) {
  /* oxlint-disable react/no-array-index-key -- a text does not reorder */
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be scrollable by keyboard
    <div className="ngy-readme-table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {header.map((cell, at) => (
              <th key={at} scope="col">
                {inline(cell.tokens, picture)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={column}>{inline(cell.tokens, picture)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
  /* oxlint-enable react/no-array-index-key */
}

const inline = (tokens: readonly Token[] | undefined, picture: Picture): ReactNode[] => (tokens ?? []).map((token, at) => one(token, at, picture));

function one(token: Token, key: number, picture: Picture): ReactNode {
  switch (token.type) {
    case "strong":
      return <strong key={key}>{inline((token as Tokens.Strong).tokens, picture)}</strong>;
    case "em":
      return <em key={key}>{inline((token as Tokens.Em).tokens, picture)}</em>;
    case "del":
      return <del key={key}>{inline((token as Tokens.Del).tokens, picture)}</del>;
    case "codespan":
      return <code key={key}>{(token as Tokens.Codespan).text}</code>;
    case "br":
      return <br key={key} />;
    case "link": {
      const { href, tokens } = token as Tokens.Link;
      return anchor(key, href, tokens.some(says) ? inline(tokens, picture) : href);
    }
    case "image": {
      const { text } = token as Tokens.Image;
      return text === "" ? null : <span key={key}>{picture(text)}</span>;
    }
    case "escape":
    case "text": {
      const { tokens, text } = token as Tokens.Text;
      return tokens ? <span key={key}>{inline(tokens, picture)}</span> : plain(text);
    }
    default:
      return null;
  }
}

/** Whether something can be read of a link's content: one that is only a picture without words says nothing. */
const says = (token: Token) => token.type !== "html" && (token as { text?: string }).text !== "";

function anchor(key: number, href: string, content: ReactNode): ReactNode {
  const address = webAddress(href);
  return address ? (
    <a key={key} href={address} target="_blank" rel="noopener noreferrer">
      {content}
    </a>
  ) : (
    <span key={key}>{content}</span>
  );
}

const ENTITIES: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": "\u00a0" };

/** The lexer leaves entities as they are, for HTML; React's texts need none. */
const plain = (text: string) => text.replace(/&(?:amp|lt|gt|quot|nbsp|#39);/g, (entity) => ENTITIES[entity] ?? entity);
