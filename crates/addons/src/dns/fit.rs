//! Makes an answer fit into a UDP message by what it can best spare, and leaves room for EDNS, which must be in an
//! answer that was cut as well (RFC 6891, 7).

use hickory_proto::op::Query;
use hickory_proto::rr::Record;
use hickory_proto::serialize::binary::{BinEncodable, BinEncoder};

/// Bytes of the header.
const HEADER: usize = 12;
/// Bytes of an OPT record without options.
const OPT: usize = 11;

/// Cuts `records` and `additional` so that the message takes at most `limit` bytes. Gives `true` when a part of the
/// answer itself is missing: the asker must come again by TCP. Addresses added as a courtesy go first, unmentioned.
pub(super) fn fit(
    limit: usize,
    query: &Query,
    records: &mut Vec<Record>,
    authorities: &[Record],
    additional: &mut Vec<Record>,
) -> bool {
    let limit = limit.saturating_sub(HEADER + OPT);
    if size(query, [&*records, authorities, &*additional]) <= limit {
        return false;
    }
    additional.clear();
    let mut cut = false;
    while !records.is_empty() && size(query, [&*records, authorities, &[]]) > limit {
        let now = size(query, [&*records, authorities, &[]]);
        let keep = (records.len() * limit / now).min(records.len() - 1);
        records.truncate(keep);
        cut = true;
    }
    cut
}

fn size(query: &Query, sections: [&[Record]; 3]) -> usize {
    let mut bytes = Vec::with_capacity(512);
    let mut encoder = BinEncoder::new(&mut bytes);
    // What cannot be encoded is too long.
    let written = query
        .emit(&mut encoder)
        .and_then(|()| sections.into_iter().flatten().try_for_each(|record| record.emit(&mut encoder)));
    if written.is_err() { usize::MAX / 2 } else { bytes.len() }
}
