// The one public type for secrets: bytes in QCA's secure memory, wiped when the last copy goes. Never convert to QByteArray to keep it.
#pragma once

#include <QByteArrayView>

#include <memory>

namespace tokenlab::crypto {

class SecretBytes
{
public:
    SecretBytes();
    explicit SecretBytes(QByteArrayView bytes); // copies; the caller wipes its own
    SecretBytes(const SecretBytes &);
    SecretBytes(SecretBytes &&) noexcept;
    SecretBytes &operator=(const SecretBytes &);
    SecretBytes &operator=(SecretBytes &&) noexcept;
    ~SecretBytes();

    [[nodiscard]] static SecretBytes zeros(qsizetype size);
    [[nodiscard]] static SecretBytes random(qsizetype size); // QCA's generator

    [[nodiscard]] qsizetype size() const;
    [[nodiscard]] bool isEmpty() const { return size() == 0; }
    [[nodiscard]] const unsigned char *data() const;
    [[nodiscard]] unsigned char *mutableData();
    [[nodiscard]] QByteArrayView view() const;
    [[nodiscard]] bool equals(QByteArrayView other) const; // constant time

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

// Overwrites bytes that held a secret for a moment.
void wipe(QByteArray &bytes);

} // namespace tokenlab::crypto
