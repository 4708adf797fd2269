// Every error, rule and verdict as a sentence for people: the one place where values become words, for window and terminal alike.
#pragma once

#include "core/gateway/config.h"
#include "core/jose/jws.h"
#include "core/json/parse.h"
#include "core/net/exchange.h"
#include "core/support/clock.h"
#include "core/twin/outcome.h"

#include <QString>

#include <optional>
#include <span>

namespace tokenlab::text {

[[nodiscard]] QString verdict(const twin::Outcome &outcome); // `Would answer 200, all signed` · `Would answer 401: signer not built` …
[[nodiscard]] QString stageTitle(twin::Stage stage);         // `Config`
[[nodiscard]] QString step(const twin::TraceStep &step);     // the sentence of one step: what happened, and for a failing one what to do
[[nodiscard]] QString why(const twin::TraceStep &step);      // the rule behind it in one or two sentences
[[nodiscard]] QString sentence(const twin::StartError &error);
[[nodiscard]] QString sentence(const http::TransportError &error);
// Names file, line, column or pointer. source: the file's text, for the position.
[[nodiscard]] QString sentence(const gateway::ConfigError &error, const QString &file, const QByteArray &source);
[[nodiscard]] QString sentence(const json::SyntaxError &error, const QString &file, const QByteArray &source);
[[nodiscard]] QString sentence(const twin::FieldOutcome &field, const std::vector<QByteArray> &payloadNames); // nearest name suggested
[[nodiscard]] QString sentence(const twin::Dropped &dropped);
[[nodiscard]] QString sentence(const jose::DecodedToken::Note &note);
[[nodiscard]] QString sentence(const http::MessageError &error, const QString &file, const QByteArray &source);
[[nodiscard]] QString sentence(const jose::KeySetError &error, const QString &source);
[[nodiscard]] QString componentNotSimulated(QByteArrayView component);

// The candidate that `name` was most likely meant to be (edit distance with neighbours swapped, case counts little); none when all are far.
[[nodiscard]] std::optional<QByteArray> nearestName(QByteArrayView name, std::span<const QByteArray> candidates);

// `in 59 minutes`, `expired 22 months ago`; local and UTC forms.
[[nodiscard]] QString relativeTime(qint64 seconds, Instant now);
[[nodiscard]] QString utcTime(qint64 seconds); // `24 Nov 2026, 02:33 UTC`
[[nodiscard]] QString localTime(qint64 seconds);
// What a registered claim or header member means (RFC 7519 §4.1, RFC 7515 §4.1), with its date and oddities
// (milliseconds for seconds, a date as text): `in 59 minutes · 24 Nov 2026, 02:33 UTC`. Empty when nothing is known.
[[nodiscard]] QString claimMeaning(std::string_view name, json::Value value, Instant now);
[[nodiscard]] QString headerMeaning(std::string_view name, json::Value value);
// Makes control and direction characters visible, for claims and other data from outside.
[[nodiscard]] QString inert(QByteArrayView text);

} // namespace tokenlab::text
