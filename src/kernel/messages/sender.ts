/** Ways in which the service itself can reach a person. */
export const CHANNELS = ['email', 'text', 'letter'] as const;
export type Channel = (typeof CHANNELS)[number];

/** One message to one person, ready to be sent. */
export interface Message {
  /** Made by whoever owes the message. A message with an id that was delivered before is not sent again. */
  readonly id: string;
  readonly channel: Channel;
  /** E-mail address, telephone number, or name and postal address by lines. */
  readonly to: string;
  /** Empty for a text. */
  readonly subject: string;
  /** The whole message in plain text. */
  readonly text: string;
  /** The same as HTML, for an e-mail that has one. */
  readonly html?: string;
  /** Language of the words: `en`, `cy`, or another BCP 47 tag. */
  readonly language: string;
  /** The person it is for; what is kept of the message goes when the person is erased. Null for somebody who is not on record. */
  readonly personId: string | null;
  /** What it is about, such as a notice: an id or a code, never words about the person. */
  readonly ref?: string;
}

/** What was done with a message. */
export interface Delivery {
  /** False where the same message had been delivered before. */
  readonly sent: boolean;
}

/** The way out for messages. One sender is given to the application; those who owe a message know no other. */
export abstract class Sender {
  /** Whether this run can send by the channel at all. Where it cannot, a notice stays open for somebody to tell the person. */
  abstract reaches(channel: Channel): boolean;

  /**
   * Sends the message once, however often it is called. Throws where it was not sent; then it may be tried again.
   * Call it after the transaction that decided on it, never within: what is sent cannot be rolled back. A transaction that only holds
   * whom it is about, so that they are not erased meanwhile, may be open.
   */
  abstract deliver(message: Message): Promise<Delivery>;
}
