// Where a problem stands in what the user has given: of a part of a file, in that part and not in what it was completed to.
#pragma once

#include "core/gateway/config.h"
#include "core/json/syntaxtree.h"

#include <optional>

namespace tokenlab::cli {

struct Place {
    json::Position at;
    QByteArray pointer;     // from the root of what was given
    bool completed = false; // the place is none of the user's: it came with the completion
};

class Places
{
public:
    // document: none, the text is no JSON, and stops to be that at errorOffset.
    Places(const QByteArray &source, const json::SyntaxTree *document, qsizetype errorOffset = -1)
        : m_source(source), m_document(document), m_errorOffset(errorOffset)
    {
    }
    // The text was completed from a part; `given` is that as the user has it.
    void setPart(const QByteArray &given, const gateway::Completed &completed);

    [[nodiscard]] Place of(const QByteArray &pointer) const;

private:
    struct Part {
        gateway::Completed completed;
        json::SyntaxTree tree;
    };
    QByteArray m_source;
    const json::SyntaxTree *m_document;
    qsizetype m_errorOffset;
    std::optional<Part> m_part;
};

} // namespace tokenlab::cli
