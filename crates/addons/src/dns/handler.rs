//! From a message to a message: what is asked, [`lookup`](super::lookup) or upstream, what is answered.

use std::sync::Arc;

use hickory_proto::op::{Edns, Header, HeaderCounts, Metadata, OpCode, ResponseCode};
use hickory_proto::rr::{DNSClass, Record};
use hickory_server::net::runtime::Time;
use hickory_server::net::xfer::Protocol;
use hickory_server::server::{Request, RequestHandler, ResponseHandler, ResponseInfo};
use hickory_server::zone_handler::MessageResponseBuilder;
use tokio::sync::watch;

use super::fit::fit;
use super::index::Index;
use super::lookup::{Verdict, authority, lookup};
use super::upstream::Upstream;

/// Bytes of a UDP answer that pass any path without being cut up (DNS flag day 2020); longer ones are asked for by TCP.
const LONGEST_UDP: u16 = 1232;

/// Answers every question with the index of the moment.
pub struct Handler {
    index: watch::Receiver<Arc<Index>>,
    upstream: Upstream,
}

/// The parts of an answer.
#[derive(Default)]
struct Answer {
    code: ResponseCode,
    authoritative: bool,
    records: Vec<Record>,
    authorities: Vec<Record>,
    additional: Vec<Record>,
}

impl Handler {
    /// Answers from `index` and, about everything else, from `upstream`.
    #[must_use]
    pub fn new(index: watch::Receiver<Arc<Index>>, upstream: Upstream) -> Self {
        Self { index, upstream }
    }

    async fn answer(&self, request: &Request) -> Answer {
        let only = |code| Answer { code, ..Answer::default() };
        if request.metadata.op_code != OpCode::Query {
            return only(ResponseCode::NotImp);
        }
        if request.edns.as_ref().is_some_and(|edns| edns.version() > 0) {
            return only(ResponseCode::BADVERS);
        }
        let Ok(info) = request.request_info() else { return only(ResponseCode::FormErr) };
        let query = info.query.original();
        if query.query_class() != DNSClass::IN {
            return only(ResponseCode::Refused);
        }
        let index = self.index.borrow().clone();
        let absent = |code, aliases| Answer {
            code,
            authoritative: true,
            records: aliases,
            authorities: vec![authority(&index)],
            additional: Vec::new(),
        };
        match lookup(&index, query.name(), query.query_type()) {
            Verdict::Answer { mut records, additional } => {
                // Clients take the first address: turning the list spreads them. The id is the client's dice.
                let aliases =
                    records.iter().take_while(|one| one.record_type() != query.query_type()).count();
                let rest = &mut records[aliases..];
                if !rest.is_empty() {
                    rest.rotate_left(usize::from(request.metadata.id) % rest.len());
                }
                Answer { authoritative: true, records, additional, ..Answer::default() }
            }
            Verdict::NoData { aliases } => absent(ResponseCode::NoError, aliases),
            Verdict::NoName { aliases } => absent(ResponseCode::NXDomain, aliases),
            Verdict::Elsewhere { mut aliases, target } => {
                let authoritative = !aliases.is_empty();
                let mut reply = self.upstream.ask(&target, query.query_type()).await;
                aliases.append(&mut reply.records);
                let (code, authorities) = (reply.code, reply.authorities);
                Answer { code, authoritative, records: aliases, authorities, additional: Vec::new() }
            }
        }
    }
}

#[async_trait::async_trait]
impl RequestHandler for Handler {
    async fn handle_request<R: ResponseHandler, T: Time>(
        &self,
        request: &Request,
        mut reply: R,
    ) -> ResponseInfo {
        let mut answer = self.answer(request).await;
        let mut metadata = Metadata::response_from_request(&request.metadata);
        metadata.response_code = answer.code;
        metadata.authoritative = answer.authoritative;
        metadata.recursion_available = true;
        let edns = request.edns.as_ref().map(|asked| {
            let mut edns = Edns::new();
            edns.set_max_payload(asked.max_payload().clamp(512, LONGEST_UDP));
            edns.set_rcode_high(answer.code.high());
            edns
        });
        if request.protocol() == Protocol::Udp
            && let Ok(info) = request.request_info()
        {
            let limit = edns.as_ref().map_or(512, |edns| usize::from(edns.max_payload()));
            let Answer { records, authorities, additional, .. } = &mut answer;
            metadata.truncation = fit(limit, info.query.original(), records, authorities, additional);
        }
        let mut builder = MessageResponseBuilder::from_message_request(request);
        if let Some(edns) = &edns {
            builder.edns(edns);
        }
        let response = builder.build(metadata, &answer.records, &answer.authorities, [], &answer.additional);
        match reply.send_response(response).await {
            Ok(info) => info,
            Err(error) => {
                tracing::debug!(%error, client = %request.src(), "an answer could not be sent");
                ResponseInfo::from(Header { metadata, counts: HeaderCounts::default() })
            }
        }
    }
}
