// The name that was most likely meant.
#pragma once

#include <QByteArray>

#include <optional>
#include <span>

namespace tokenlab {

// The candidate that `name` was most likely meant to be (edit distance with neighbours swapped, case counts little); none when all are far.
[[nodiscard]] std::optional<QByteArray> nearestName(QByteArrayView name, std::span<const QByteArray> candidates);

} // namespace tokenlab
