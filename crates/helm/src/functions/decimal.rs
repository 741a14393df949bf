//! Decimal numbers, as sprig reckons with them: exact, but for division, which stops 16 places behind the point.

use num_bigint::BigInt;

/// How many places a quotient has.
const PLACES: i32 = 16;

/// `digits` times ten to the power of `exponent`.
pub struct Decimal {
    digits: BigInt,
    exponent: i32,
}

fn ten_to(power: i32) -> BigInt {
    BigInt::from(10).pow(u32::try_from(power).unwrap_or_default())
}

impl Decimal {
    /// The shortest decimal that reads as this float.
    pub fn from_float(number: f64) -> Result<Self, String> {
        if !number.is_finite() {
            return Err(format!("Cannot create a Decimal from {}", super::text::float(number)));
        }
        let scientific = format!("{number:e}");
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let places = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let exponent: i32 = exponent.parse().unwrap_or_default();
        Ok(Self {
            digits: mantissa.replace('.', "").parse().unwrap_or_default(),
            exponent: exponent - i32::try_from(places).unwrap_or_default(),
        })
    }

    /// The nearest float.
    pub fn to_float(&self) -> f64 {
        format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(f64::INFINITY)
    }

    /// Its digits at a smaller exponent.
    fn at(&self, exponent: i32) -> BigInt {
        &self.digits * ten_to(self.exponent - exponent)
    }

    /// Their sum.
    pub fn add(self, other: Self) -> Self {
        let exponent = self.exponent.min(other.exponent);
        Self { digits: self.at(exponent) + other.at(exponent), exponent }
    }

    /// Their difference.
    pub fn sub(self, other: Self) -> Self {
        self.add(Self { digits: -other.digits, exponent: other.exponent })
    }

    /// Their product.
    pub fn mul(self, other: Self) -> Self {
        Self { digits: self.digits * other.digits, exponent: self.exponent.saturating_add(other.exponent) }
    }

    /// Their quotient, rounded half away from zero.
    pub fn div(self, other: Self) -> Result<Self, String> {
        if other.digits == BigInt::ZERO {
            return Err("decimal division by 0".into());
        }
        // (a·10^x) / (b·10^y), in units of 10^-PLACES.
        let shift = self.exponent - other.exponent + PLACES;
        let (above, below) = if shift >= 0 {
            (self.digits * ten_to(shift), other.digits)
        } else {
            (self.digits, other.digits * ten_to(-shift))
        };
        let (quotient, rest) = (&above / &below, &above % &below);
        let away = if (above.sign() == num_bigint::Sign::Minus) == (below.sign() == num_bigint::Sign::Minus) {
            1
        } else {
            -1
        };
        let half_or_more = BigInt::from(rest.magnitude() * 2u32) >= BigInt::from(below.magnitude().clone());
        let digits = if half_or_more { quotient + away } else { quotient };
        Ok(Self { digits, exponent: -PLACES })
    }
}
