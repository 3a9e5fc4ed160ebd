-- Chance from a number and a purpose: the same seed gives the same world. Every purpose has its own number.
CREATE OR REPLACE FUNCTION pg_temp.u(i bigint, purpose int) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(i, {seed}::bigint * 1000 + purpose) & 9007199254740991)::float8 / 9007199254740992.0;

CREATE OR REPLACE FUNCTION pg_temp.pick(i bigint, purpose int, most int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN floor(pg_temp.u(i, purpose) * most)::int;

CREATE OR REPLACE FUNCTION pg_temp.today() RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN date '{today}';

-- A moment of the working day, never after the load itself.
CREATE OR REPLACE FUNCTION pg_temp.moment(day date, chance float8) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN least(timestamptz '{at}', (day + time '08:30' + chance * interval '9 hours') AT TIME ZONE 'Asia/Shanghai');

CREATE OR REPLACE FUNCTION pg_temp.mobile(i bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_temp.w_prefix(pg_temp.u(i, 1)) || lpad(pg_temp.pick(i, 2, 100000000)::text, 8, '0');

-- Check signs, from the other signs as digits in bytes: of a VIN (ISO 3779), whose own place counts nothing;
-- of a resident's identity number (GB 11643); of a company's social credit code (GB 32100).
CREATE OR REPLACE FUNCTION pg_temp.vin_check(b bytea) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN substr('0123456789X', 1 + (
    get_byte(b, 0) * 8 + get_byte(b, 1) * 7 + get_byte(b, 2) * 6 + get_byte(b, 3) * 5 + get_byte(b, 4) * 4 +
    get_byte(b, 5) * 3 + get_byte(b, 6) * 2 + get_byte(b, 7) * 10 + get_byte(b, 9) * 9 + get_byte(b, 10) * 8 +
    get_byte(b, 11) * 7 + get_byte(b, 12) * 6 + get_byte(b, 13) * 5 + get_byte(b, 14) * 4 + get_byte(b, 15) * 3 +
    get_byte(b, 16) * 2
    - 48 * 89) % 11, 1);

CREATE OR REPLACE FUNCTION pg_temp.resident_check(b bytea) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN substr('10X98765432', 1 + (
    get_byte(b, 0) * 7 + get_byte(b, 1) * 9 + get_byte(b, 2) * 10 + get_byte(b, 3) * 5 + get_byte(b, 4) * 8 +
    get_byte(b, 5) * 4 + get_byte(b, 6) * 2 + get_byte(b, 7) * 1 + get_byte(b, 8) * 6 + get_byte(b, 9) * 3 +
    get_byte(b, 10) * 7 + get_byte(b, 11) * 9 + get_byte(b, 12) * 10 + get_byte(b, 13) * 5 + get_byte(b, 14) * 8 +
    get_byte(b, 15) * 4 + get_byte(b, 16) * 2
    - 48 * 100) % 11, 1);

CREATE OR REPLACE FUNCTION pg_temp.credit_check(b bytea) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN substr('0123456789ABCDEFGHJKLMNPQRTUWXY', 1 + (31 - (
    get_byte(b, 0) * 1 + get_byte(b, 1) * 3 + get_byte(b, 2) * 9 + get_byte(b, 3) * 27 + get_byte(b, 4) * 19 +
    get_byte(b, 5) * 26 + get_byte(b, 6) * 16 + get_byte(b, 7) * 17 + get_byte(b, 8) * 20 + get_byte(b, 9) * 29 +
    get_byte(b, 10) * 25 + get_byte(b, 11) * 13 + get_byte(b, 12) * 8 + get_byte(b, 13) * 24 + get_byte(b, 14) *
    10 + get_byte(b, 15) * 30 + get_byte(b, 16) * 28
    - 48 * 305) % 31) % 31, 1);
