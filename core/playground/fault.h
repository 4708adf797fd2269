// What the playground can do wrong on order, so that a user sees what the gateway makes of it.
#pragma once

#include <QByteArray>
#include <QString>

#include <initializer_list>
#include <optional>
#include <set>
#include <span>

namespace tokenlab::playground {

enum class Fault {
    // of the certificate, for all that is spoken over HTTPS
    Expired,
    NotYetValid,
    WrongName,
    WrongCa,
    CommonName,
    // of the HTTPS port
    Tls12Only,
    Tls11Only,
    OneSuite,
    NotTls,
    HangUp,
    KeyHostDown,
    // of the key sets
    Slow,
    Silent,
    Drip,
    NotFound,
    Html,
    WrongContentType,
    Huge,
    Truncated,
    BadKey,
    EmptySet,
    RotatedKey,
    RedirectLoop,
    RedirectToHttp,
    // of the login
    Login401,
    Login500,
    Login204,
    LoginSlow,
    LoginSilent,
    LoginHtml,
    LoginNotJson,
};

// One of a group at a time: a certificate cannot be expired and not yet valid.
enum class FaultGroup { Certificate, Port, KeySet, Login };

struct FaultInfo {
    Fault fault;
    FaultGroup group;
    const char *name; // of --fault
};
// All of them, in the order of the enumeration.
[[nodiscard]] std::span<const FaultInfo> faults();
[[nodiscard]] const FaultInfo &faultInfo(Fault fault);
[[nodiscard]] std::optional<Fault> faultNamed(QByteArrayView name);
[[nodiscard]] std::optional<QByteArray> nearestFault(QByteArrayView name);

// A sentence each: what the playground does, and what the gateway makes of it.
[[nodiscard]] QString faultEffect(Fault fault);
[[nodiscard]] QString faultConsequence(Fault fault);

class FaultSet
{
public:
    FaultSet() = default;
    FaultSet(std::initializer_list<Fault> faults)
    {
        for (const Fault fault : faults)
            add(fault);
    }
    void add(Fault fault); // in place of another one of its group
    void remove(Fault fault) { m_faults.erase(fault); }
    [[nodiscard]] bool contains(Fault fault) const { return m_faults.contains(fault); }
    [[nodiscard]] std::optional<Fault> of(FaultGroup group) const;
    [[nodiscard]] bool isEmpty() const { return m_faults.empty(); }
    [[nodiscard]] auto begin() const { return m_faults.begin(); }
    [[nodiscard]] auto end() const { return m_faults.end(); }
    friend bool operator==(const FaultSet &, const FaultSet &) = default;

private:
    std::set<Fault> m_faults;
};

} // namespace tokenlab::playground
