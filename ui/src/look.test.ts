import { expect, test } from 'vitest';
import page from './app.css?raw';
import verdict from './components/Verdict.svelte?raw';
import card from './components/PassCard.svelte?raw';

const COMPONENTS = import.meta.glob<string>(['./**/*.svelte', './app.css'], { query: '?raw', import: 'default', eager: true });

/** Least contrast of text, and of what shows where a control or the focus is (WCAG 2.2, 1.4.3, 1.4.11 and 2.4.13). */
const TEXT = 4.5;
const SHAPE = 3;

/** What is written or drawn on what; every ground stands under every one of these. */
const GROUNDS = ['ground', 'panel', 'raised'];
const ON_GROUNDS: [string, number][] = [
  ['ink', TEXT], ['soft', TEXT], ['mint', TEXT], ['coral', TEXT], ['amber-text', TEXT], ['focus', SHAPE], ['line-strong', SHAPE],
];
const OTHERS: [string, string, number][] = [
  ['ink', 'raised-more', TEXT], ['ground', 'ink', TEXT], ['ground', 'ink-more', TEXT], ['on-amber', 'amber', TEXT],
  ['on-overlay', 'overlay', TEXT],
];

const dark = variables(block(page, ':root {'));
const light = { ...dark, ...variables(block(page, ":root[data-theme='light'] {")) };

test('light_is_the_same_whether_chosen_or_the_systems', () => {
  const systems = variables(block(page, ":root:not([data-theme='dark']) {"));
  expect({ ...dark, ...systems }).toEqual(light);
  expect(light).not.toEqual(dark);
});

test.each([
  ['dark', dark],
  ['light', light],
])('everything_on_%s_can_be_read', (_, theme) => {
  for (const ground of GROUNDS) for (const [on, least] of ON_GROUNDS) expectContrast(theme, on, ground, least);
  for (const [on, ground, least] of OTHERS) expectContrast(theme, on, ground, least);
});

test.each(['.accepted {', '.refused {', '.not_recorded {'])('the_verdict_%s_can_be_read_and_is_the_same_in_dark_and_light', (selector) => {
  const colours = variables(block(verdict, selector));
  for (const [on, ground, least] of [['on', 'tone', TEXT], ['sign-mark', 'sign', SHAPE], ['sign', 'tone', SHAPE], ['focus', 'tone', SHAPE]] as const) {
    expectContrast(colours, on, ground, least);
  }
  expect(block(verdict, selector)).not.toContain('var(');
});

test('the_holder_can_be_read_on_white', () => {
  const inks = [...card.matchAll(/\n {4}color: (#[0-9a-f]+);/g)].map(([, ink]) => ink ?? '').filter((ink) => ink !== '#1d1500');
  expect(inks.length).toBeGreaterThan(4);
  for (const ink of inks) expectContrast({ ink, white: '#fff' }, 'ink', 'white', TEXT);
});

test.each(Object.entries(COMPONENTS))('%s_has_no_left_and_right', (_, source) => {
  const style = source.includes('<style>') ? source.slice(source.indexOf('<style>')) : source;
  const physical =
    /(?:margin|padding|border)-(?:left|right)|(?:^|[\s;{])(?:left|right):|(?:text-align|float): (?:left|right)|(?:top|bottom)-(?:left|right)-radius|(?:margin|padding): \S+ (\S+) \S+ (?!\1;)\S+;/;
  expect(physical.exec(style)?.[0] ?? '').toBe('');
});

test('black_on_white_has_the_most_contrast_and_a_known_pair_the_known_one', () => {
  expect(contrast('#000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#fff')).toBeCloseTo(4.48, 2);
});

/** What stands between a selector and its closing brace. */
function block(css: string, selector: string): string {
  const start = css.indexOf(selector);
  expect(start, selector).toBeGreaterThanOrEqual(0);
  return css.slice(start + selector.length, css.indexOf('}', start));
}

function variables(css: string): Record<string, string> {
  return Object.fromEntries([...css.matchAll(/--([\w-]+): (#[0-9a-f]+);/g)].map(([, name, value]) => [name, value]));
}

function expectContrast(colours: Record<string, string>, on: string, ground: string, least: number): void {
  const [ink, paper] = [colours[on], colours[ground]];
  expect(ink, on).toBeDefined();
  expect(paper, ground).toBeDefined();
  expect(contrast(ink ?? '', paper ?? ''), `${on} on ${ground}`).toBeGreaterThanOrEqual(least);
}

/** Contrast ratio of two colours (WCAG 2.2), a see-through one taken as if it were not. */
function contrast(one: string, other: string): number {
  const [dim = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const digits = colour.slice(1);
  const wide = digits.length < 6 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = parseInt(wide.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
