// One card for every name of keys_to_sign: its token taken apart, or what stood in the way.
#pragma once

#include "ui/session.h"
#include "ui/widgets/newest.h"

#include <QFrame>
#include <QWidget>

#include <set>

class QLabel;
class QScrollArea;
class QToolButton;
class QTreeView;
class QVBoxLayout;

namespace tokenlab::ui {

class CardHeader;
class Pill;
class SignatureDesk;
class SignatureSection;
class TokenModel;
class TokenText;
class ValidatorSection;
class VerdictDesk;

class TokenCard : public QFrame
{
    Q_OBJECT
public:
    explicit TokenCard(QWidget *parent = nullptr);
    void showField(const twin::FieldOutcome &field, const std::vector<QByteArray> &payloadNames, Instant now);
    void setNow(Instant now);
    void showVerdicts(const VerdictDesk &desk, Instant now, const QString &refused); // refused: why no validator can be added
    void showSignature(const SignatureDesk &desk, Instant now);
    [[nodiscard]] bool showsSignature() const;
    [[nodiscard]] QWidget *signature() const; // its section
    [[nodiscard]] const QByteArray &token() const { return m_token; }
    void setFolded(bool folded);
    [[nodiscard]] bool isFolded() const { return m_folded; }
    [[nodiscard]] const QByteArray &name() const { return m_name; }
    [[nodiscard]] bool isDecoding() const { return m_decoding.isPending(); } // a large token is taken apart in a thread

signals:
    void foldedByUser(bool folded);
    void validatorAsked();
    void keysAsked(); // to check the signature with
    void clearAsked();
    void placeAsked(const QByteArray &pointer);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fitHead();
    void fitTree();
    void showDecoded(const jose::DecodedToken &decoded, Instant now);
    Newest<jose::DecodedToken> m_decoding;
    QStringList m_remarks;
    QByteArray m_name, m_token;
    QString m_shownName, m_checked; // in the head
    jose::DecodedToken m_decoded;
    QToolButton *m_fold, *m_copy;
    Pill *m_state, *m_right, *m_verdict;
    SignatureSection *m_signature;
    ValidatorSection *m_validators;
    QLabel *m_sentence;
    TokenText *m_text;
    QTreeView *m_tree;
    TokenModel *m_model;
    bool m_folded = false, m_hasToken = false;
};

class TokensPanel : public QWidget
{
    Q_OBJECT
public:
    explicit TokensPanel(LabSession *session, QWidget *parent = nullptr);
    [[nodiscard]] CardHeader *header() const { return m_header; }
    void showState();
    void showOutdated(); // the file's text broke, or is in order again
    void tick();         // relative dates
    void chooseKeys();   // to check signatures with
    [[nodiscard]] SignatureDesk *signatures() const { return m_signatures; }

signals:
    void placeAsked(const QByteArray &pointer);

private:
    void showVerdicts();
    void showSignatures();
    void addValidator();
    LabSession *m_session;
    VerdictDesk *m_desk;
    SignatureDesk *m_signatures;
    QScrollArea *m_scroll = nullptr;
    CardHeader *m_header;
    QLabel *m_summary;
    QLabel *m_empty, *m_outdated;
    QWidget *m_holder;
    QVBoxLayout *m_column;
    std::vector<TokenCard *> m_cards;
    std::map<QByteArray, bool> m_folds; // as the user left them
};

} // namespace tokenlab::ui
