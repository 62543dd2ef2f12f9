import { isOfType } from './placeholder-types.ts';

/** Most digits that a number may move its point by; a longer way is refused. */
const mostPlaces = 1000;

/** A decimal number, exactly: `digits` divided by ten to the power of `places`. */
type Decimal = { readonly digits: bigint; readonly places: number };

/**
 * Is the text a finite decimal number within the tolerance, a number or `N%` of the value? All three are compared as they
 * are written: no rounding makes a number near.
 */
export function isNear(text: string, value: string, tolerance: string): boolean {
  if (text.length > 40 || !isOfType('number', text)) return false;
  const actual = decimalOf(text);
  const wanted = decimalOf(value);
  if (actual === undefined || wanted === undefined) return false;
  const most = mostDifference(wanted, tolerance);
  if (most === undefined) return false;
  const places = Math.max(actual.places, wanted.places, most.places);
  const difference = scaled(actual, places) - scaled(wanted, places);
  return (difference < 0n ? -difference : difference) <= scaled(most, places);
}

function mostDifference(wanted: Decimal, tolerance: string): Decimal | undefined {
  const given = decimalOf(tolerance.replace('%', ''));
  if (given === undefined || !tolerance.endsWith('%')) return given;
  const digits = given.digits * (wanted.digits < 0n ? -wanted.digits : wanted.digits);
  return { digits, places: given.places + wanted.places + 2 };
}

function decimalOf(text: string): Decimal | undefined {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const digits = BigInt(`${whole}${fraction}`);
  const places = fraction.length - Number(exponent);
  if (Math.abs(places) > mostPlaces) return undefined;
  return { digits: mantissa.startsWith('-') ? -digits : digits, places };
}

function scaled({ digits, places }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - places);
}
