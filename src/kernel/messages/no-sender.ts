import { Problem } from '../errors/problem';
import { Channel, Delivery, Message, Sender } from './sender';

/** On a database of its own the service has no sender yet: nothing is sent, and nothing is said to have been. */
export class NoSender extends Sender {
  reaches(_: Channel): boolean {
    return false;
  }

  deliver(message: Message): Promise<Delivery> {
    return Promise.reject(
      new Problem(
        503,
        'no_sender',
        `This service has no way to send by ${message.channel}. Tell the person another way.`,
      ),
    );
  }
}
