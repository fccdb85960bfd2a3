import { BadInput } from '../../kernel/errors/problem';
import { IDENTIFIER, IdentifierScheme, OutsideIdentifier } from './organisation.dto';

const SCHEMES: readonly string[] = Object.values(IdentifierScheme);

/** An outside identifier that stands in an address. */
export const IdentifierParameter = {
  /** @throws BadInput naming the part of the address that is not right */
  read(scheme: string, value: string): OutsideIdentifier {
    if (!SCHEMES.includes(scheme))
      throw new BadInput([
        { in: 'path', at: 'scheme', code: 'not_a_choice', message: `Choose one of: ${SCHEMES.join(', ')}.` },
      ]);
    if (!IDENTIFIER.pattern.test(value))
      throw new BadInput([{ in: 'path', at: 'value', code: 'text_pattern', message: IDENTIFIER.patternSays }]);
    return { scheme: scheme as IdentifierScheme, value };
  },
};
