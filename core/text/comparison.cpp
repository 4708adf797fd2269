#include "core/text/comparison.h"

#include "core/text/text.h"

#include <QCoreApplication>

namespace tokenlab::text {

namespace {

struct Comparisons {
    Q_DECLARE_TR_FUNCTIONS(Comparisons)
};

// `/access_token` as people call it.
QString named(const QByteArray &pointer)
{
    return pointer.lastIndexOf('/') == 0 ? inert(pointer.mid(1)) : inert(pointer);
}

} // namespace

QString sentence(const twin::GatewayTrouble &trouble)
{
    using Trouble = twin::GatewayTrouble;
    const QString subject = inert(trouble.subject), words = inert(trouble.text.trimmed());
    const QString because = words.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(words);
    switch (trouble.kind) {
    case Trouble::NoProgram:
        return Comparisons::tr("no KrakenD is known here: put krakend into the PATH, let TOKENLAB_KRAKEND name it, or give a file, "
                               "docker:VERSION or the URL of a running gateway");
    case Trouble::NotExecutable:
        return Comparisons::tr("%1 is no program that can be started").arg(subject);
    case Trouble::DockerSilent:
        return Comparisons::tr("%1 needs Docker, which does not answer here%2").arg(subject, because);
    case Trouble::CannotStart:
        return Comparisons::tr("%1 cannot be started%2").arg(subject, because);
    case Trouble::NoFolder:
        return Comparisons::tr("no private folder can be made for the gateway's file%1").arg(because);
    case Trouble::NoPort:
        return Comparisons::tr("no port is free on 127.0.0.1");
    case Trouble::NoRelease:
        return Comparisons::tr("%1 does not tell its KrakenD version%2").arg(subject, because);
    case Trouble::NoKrakend:
        return Comparisons::tr("the gateway cannot be asked: %1 is no KrakenD, it neither listens nor tells a version%2")
            .arg(subject, because);
    case Trouble::NoAnswer:
        return Comparisons::tr("%1 does not answer%2").arg(subject, because);
    case Trouble::BadUrl:
        return Comparisons::tr("%1 is no URL of a gateway%2").arg(subject, because);
    case Trouble::Cancelled:
        return Comparisons::tr("cancelled");
    }
    return {};
}

QString place(const twin::Difference &difference)
{
    using Difference = twin::Difference;
    switch (difference.place) {
    case Difference::Start:
        return Comparisons::tr("Start");
    case Difference::Status:
        return Comparisons::tr("Status");
    case Difference::Header:
        return Comparisons::tr("Header %1").arg(inert(difference.name));
    case Difference::Body:
        return Comparisons::tr("Body");
    case Difference::BodyMember:
        return difference.name.isEmpty() ? Comparisons::tr("Body") : Comparisons::tr("Body, member %1").arg(named(difference.name));
    case Difference::TokenHeader:
        return Comparisons::tr("Token %1, header member %2").arg(named(difference.name), named(difference.pointer));
    case Difference::TokenPayload:
        return Comparisons::tr("Token %1, claim %2").arg(named(difference.name), named(difference.pointer));
    case Difference::TokenSignature:
        return Comparisons::tr("Token %1, signature").arg(named(difference.name));
    case Difference::Log:
        return Comparisons::tr("Log");
    case Difference::BrokenOff:
        return Comparisons::tr("End of the answer");
    case Difference::Calls:
        return Comparisons::tr("Backend %1").arg(difference.backend + 1);
    case Difference::Sent:
        return Comparisons::tr("Sent to backend %1, %2").arg(QString::number(difference.backend + 1), inert(difference.name));
    }
    return {};
}

QString sentence(const twin::CompareNote &note)
{
    switch (note.kind) {
    case twin::CompareNote::TwoCalls:
        return Comparisons::tr("The backend was called twice, once by each: times that lie close together and identifiers made anew are no "
                               "difference, and signatures were verified with the lab's key.");
    case twin::CompareNote::NotReplayed:
        return Comparisons::tr("What backend %1 did cannot be played back: the gateway asked it too.").arg(inert(note.detail));
    case twin::CompareNote::OtherRelease:
        return Comparisons::tr("This gateway is KrakenD %1; the lab knows the rules of 2.13.8, which may differ.").arg(inert(note.detail));
    case twin::CompareNote::OwnFile:
        return Comparisons::tr("The gateway runs on its own file: whether that is this one is not known, nor what it logged.");
    case twin::CompareNote::NotSimulated:
        return componentNotSimulated(note.detail);
    }
    return {};
}

QString summary(const twin::Comparison &comparison, const twin::Observed &gateway)
{
    if (comparison.equal()) {
        if (gateway.start != twin::Observed::Listens)
            return Comparisons::tr("No difference: neither starts");
        if (!gateway.answered)
            return Comparisons::tr("No difference: both close the connection without an answer");
        return Comparisons::tr("No difference: both answer %1").arg(gateway.response.status);
    }
    const auto count = comparison.differences.size();
    return count == 1 ? Comparisons::tr("1 difference") : Comparisons::tr("%1 differences").arg(qulonglong(count));
}

} // namespace tokenlab::text
