import { isArgumentElement, isPluralElement, isSelectElement, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';

/** A text with places to fill, in ICU MessageFormat, compiled when the page was built; `fill` makes words of it. */
export interface Message<Place extends string = string> {
  readonly elements: readonly MessageFormatElement[];
  /** Which places it has, for the type checker alone. */
  readonly places?: Place;
}

/** How a place is filled: as words, or by choosing words for a number or a name. */
export type PlaceKind = 'words' | 'plural' | 'select';

/** Writes a message; `compile-messages.ts` puts what it was compiled to in the text's stead. */
export function icu<Place extends string>(source: string): Message<Place> {
  return { elements: source as unknown as MessageFormatElement[] };
}

/** The places of a message, those within its plurals too, with how each is filled. */
export function placesOf(text: Message): Map<string, PlaceKind> {
  const places = new Map<string, PlaceKind>();
  for (const element of everyElement(text.elements)) {
    if (isArgumentElement(element) && !places.has(element.value)) places.set(element.value, 'words');
    if (isPluralElement(element)) places.set(element.value, 'plural');
    if (isSelectElement(element)) places.set(element.value, 'select');
  }
  return places;
}

/** All elements of a message, those of the branches behind the one that branches. */
export function everyElement(elements: readonly MessageFormatElement[]): MessageFormatElement[] {
  return elements.flatMap((element) => [
    element,
    ...('options' in element ? Object.values(element.options).flatMap((branch) => everyElement(branch.value)) : []),
  ]);
}
