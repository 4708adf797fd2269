// A document with what stands behind its first endpoint: files, the key host's answer, its certificates. The signer is built as at a
// gateway's start.
#pragma once

#include "tests/core/problems/ruledocument.h"

#include <map>

namespace tokenlab::problems {

struct World {
    bool online = true; // false: nobody has looked at anything
    std::map<QByteArray, QByteArray> files;
    std::optional<http::Reply> reply;              // of the key host
    std::optional<http::TransportError> transport; // or why there is none
    bool hangs = false, proxied = false;
    std::vector<QByteArray> peer, verified; // DER
    QByteArray listenError;
    std::vector<QByteArray> clientTlsNotes;
};

inline http::Reply keyReply(const QByteArray &body, const QByteArray &type = "application/json", int status = 200)
{
    http::Reply reply;
    reply.status = status;
    reply.headers.append("Content-Type", type);
    reply.body = body;
    return reply;
}

inline EndpointFacts factsOf(const gateway::EndpointConfig &endpoint, const World &world)
{
    EndpointFacts facts;
    twin::Supplies supplies;
    const auto file = [&](const QByteArray &path) -> twin::FileSupply {
        const auto found = world.files.find(path);
        twin::FileSupply supply = found == world.files.end() ? twin::FileSupply(fail("open " + path + ": no such file or directory"))
                                                             : twin::FileSupply(found->second);
        facts.files.insert_or_assign(path, supply);
        return supply;
    };
    for (int i = 0; i < 8; ++i) {
        twin::BuildStep step = twin::buildSigner(endpoint, supplies);
        if (auto *state = std::get_if<twin::SignerState>(&step)) {
            facts.signer = std::move(*state);
            break;
        }
        const auto &need = std::get<twin::Need>(step);
        if (const auto *ca = std::get_if<twin::NeedCaFile>(&need)) {
            supplies.caFile = file(ca->path);
        } else if (const auto *keys = std::get_if<twin::NeedKeyFile>(&need)) {
            supplies.keyFile = file(keys->path);
        } else {
            supplies.downloadHangs = world.hangs;
            if (world.reply)
                supplies.download = twin::DownloadSupply(*world.reply);
            else
                supplies.download = twin::DownloadSupply(fail(world.transport.value_or(
                    http::TransportError{http::TransportError::Refused, "dial tcp 127.0.0.1:1: connect: connection refused",
                                         std::get<twin::NeedDownload>(need).url})));
            facts.download = supplies.download;
        }
    }
    facts.peerCertificates = world.peer;
    facts.verifiedCertificates = world.verified;
    facts.proxied = world.proxied;
    return facts;
}

inline void checkWorld(const QByteArray &text, const World &world, Checked &out)
{
    out.input.listenError = world.listenError;
    out.input.clientTlsNotes = world.clientTlsNotes;
    std::vector<EndpointFacts> facts;
    if (world.online)
        if (const auto service = gateway::load(text, QStringLiteral("krakend.json")))
            for (const gateway::EndpointConfig &endpoint : service->endpoints)
                facts.push_back(factsOf(endpoint, world));
    checkDocument(text, out, std::move(facts));
}

} // namespace tokenlab::problems
