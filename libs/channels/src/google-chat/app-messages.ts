import type { Message } from '#domain';
import { RemoteError } from '#http';
import type { Attempt, Receipt } from '../contract.js';
import type { ChatApi } from './api.js';
import { wasAnswered } from './errors.js';
import { addressOf, type Place } from './place.js';
import { render, revisionOf } from './render.js';
import { message as storedMessage, oneSpace, said } from './schema.js';
import { writesOf } from './space-pace.js';

type Space = Extract<Place, { readonly space: string }>;
type Stored = Awaited<ReturnType<typeof read>>;

const label = { post: 'posting a message', edit: 'editing a message', read: 'asking for a message' };
const replyOption = { messageReplyOption: 'REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD' };

/** What the app says in the spaces that it is in. */
export class AppMessages {
  constructor(private readonly api: ChatApi) {}

  /**
   * Says it once. A repeated `requestId` is answered with the message that is there; should Google have forgotten the request, our own id is
   * taken, and what is there already is left, or brought to this revision.
   * https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create
   */
  async send(message: Message, place: Space, attempt: Attempt): Promise<Receipt> {
    for (const id of idsFor(attempt)) {
      try {
        return await this.#post(message, place, attempt, id);
      } catch (error) {
        if (!wasAnswered(error, 409)) throw error;
      }
      const name = `${place.space}/messages/${id}`;
      const there = await read(this.api, name, attempt.signal);
      if (there)
        return isUpTo(attempt, there)
          ? receiptOf(there, place)
          : await this.#edit(message, name, place, attempt);
      // Its message was deleted by somebody.
    }
    throw new RemoteError('google-chat', 'rejected', 'refused', 'it was said, and somebody deleted it');
  }

  /** Edits in place. The card's id goes along with the new revision, so that a lost answer can be asked for. */
  async update(previous: Receipt, message: Message, place: Space, attempt: Attempt): Promise<Receipt> {
    await this.#edit(message, previous.id, place, attempt);
    return previous;
  }

  /** By our own ids. `absent` only where Chat says so of a space that the app still is in. */
  async find(attempt: Attempt, place: Space): Promise<Receipt | 'absent' | 'cannot-tell'> {
    for (const id of idsUpTo(attempt)) {
      const there = await read(this.api, `${place.space}/messages/${id}`, attempt.signal);
      if (!there) continue;
      if (isUpTo(attempt, there)) return receiptOf(there, place);
      // An older revision is the message that the lost edit was to change. What shows no revision may be any.
      return revisionOf(there.cardsV2) === undefined ? 'cannot-tell' : 'absent';
    }
    return (await this.#isReachable(place, attempt.signal)) ? 'absent' : 'cannot-tell';
  }

  async #post(message: Message, place: Space, attempt: Attempt, id: string): Promise<Receipt> {
    const post = {
      label: label.post,
      method: 'POST',
      path: `${place.space}/messages`,
      query: {
        messageId: id,
        requestId: `${attempt.deliveryId}-${attempt.revision}`,
        ...(place.thread === undefined ? {} : replyOption),
      },
      json: {
        ...render(message, attempt.revision),
        ...(place.thread === undefined ? {} : { thread: { threadKey: place.thread } }),
      },
      answer: said,
      hints: hintsFor(place),
      apart: writesOf(place.space),
      signal: attempt.signal,
    } as const;
    return receiptOf(await this.api.call(post), place);
  }

  async #edit(message: Message, name: string, place: Space, attempt: Attempt): Promise<Receipt> {
    // The text for notifications cannot be changed, and nobody is notified of an edit.
    const { fallbackText: _, ...content } = render(message, attempt.revision);
    const edit = {
      label: label.edit,
      method: 'PATCH',
      path: name,
      query: { updateMask: 'text,cards_v2' },
      json: content,
      answer: said,
      hints: { 403: hintsFor(place)[403] },
      apart: writesOf(place.space),
      signal: attempt.signal,
    } as const;
    return receiptOf(await this.api.call(edit), place);
  }

  async #isReachable({ space }: Space, signal: AbortSignal): Promise<boolean> {
    try {
      await this.api.call({
        label: 'asking for a space',
        method: 'GET',
        path: space,
        answer: oneSpace,
        signal,
      });
      return true;
    } catch (error) {
      if (wasAnswered(error, 404)) return false;
      throw error;
    }
  }
}

/** The message of that name; undefined where there is none. */
async function read(api: ChatApi, name: string, signal: AbortSignal) {
  try {
    return await api.call({ label: label.read, method: 'GET', path: name, answer: storedMessage, signal });
  } catch (error) {
    if (wasAnswered(error, 404)) return undefined;
    throw error;
  }
}

/** Whatever is under the id of a first version is that version, or a later one. */
const isUpTo = ({ revision }: Attempt, { cardsV2 }: NonNullable<Stored>): boolean =>
  revision === 1 || (revisionOf(cardsV2) ?? 0) >= revision;

/**
 * The ids under which an attempt may say it, the first that is free: a delivery has one, so that nothing of it can be there twice. A
 * correction of what somebody deleted is a message of its own. "client-", then letters, digits and hyphens, 63 in all; ours have up to 50.
 */
const idsFor = ({ deliveryId, revision }: Attempt): readonly string[] => [
  `client-${deliveryId}`,
  ...(revision === 1 ? [] : [`client-${deliveryId}-${revision}`]),
];

/** The ids under which what an attempt said may be: a correction can be an edit of any version before. */
const idsUpTo = ({ deliveryId, revision }: Attempt): readonly string[] => [
  `client-${deliveryId}`,
  ...Array.from({ length: revision - 1 }, (_, index) => `client-${deliveryId}-${revision - index}`),
];

const hintsFor = ({ space }: Space) => ({
  403: `the app is not in ${space}, or may not write there; somebody in it can add it again`,
  404: `there is no ${space}, or the app is not in it`,
});

const receiptOf = ({ name }: { readonly name: string }, place: Place): Receipt => ({
  id: name,
  address: addressOf(place),
});
