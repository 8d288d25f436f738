using FraudEngine.Domain;

namespace FraudEngine.Engine.Explaining;

/// <summary>The texts of an account's transactions that are too long to stand in their keys, so that a window's value can be shown. Bounded: others show as a hash.</summary>
internal sealed class LongTexts
{
    private const int TextsMax = 10_000;

    private readonly Dictionary<TextKey, string> _texts = [];

    public void Add(Transaction transaction)
    {
        for (var field = TransactionField.MerchantId; field <= TransactionField.Channel; field++)
        {
            var key = TextKey.Of(transaction.Text(field));
            if (!key.IsInline && _texts.Count < TextsMax)
            {
                _texts.TryAdd(key, transaction.TextString(field));
            }
        }
    }

    /// <summary>Null where it is not known.</summary>
    public string? Find(TextKey key) => _texts.GetValueOrDefault(key);
}
