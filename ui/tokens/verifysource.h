// Where the keys come from that a token's signature is checked with. Kept in memory, for as long as the program runs, and nowhere else.
#pragma once

#include "core/jose/verify.h"

#include <QString>

#include <memory>

namespace tokenlab::ui {

struct VerifySource {
    enum Kind { File, Url, Pasted, Validator };
    Kind kind = File;
    QString file;
    QString url, caFile, pins; // pins: with commas or blanks between them
    bool insecure = false;
    QByteArray validator; // what a validator of the document has them from, KnownSet::source
};

struct ChosenKeys {
    VerifySource source;
    QString name;                                       // what the user knows them by
    std::shared_ptr<const jose::VerificationKeys> keys; // none for a validator's: they are the document's, as they are at that time
};

} // namespace tokenlab::ui
