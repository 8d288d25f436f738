using System.Collections.Immutable;

namespace FraudEngine.Domain;

/// <summary>The fields' names in the contract.</summary>
public static class TransactionFieldText
{
    private static readonly string[] Names =
    [
        "", "transactionId", "accountId", "merchantId", "terminalId", "deviceId", "counterpartyId", "ipAddress", "currency", "country",
        "merchantCategory", "channel", "timestamp", "amount", "latitude", "longitude",
    ];

    /// <summary>All names, in the order of the fields.</summary>
    public static ImmutableArray<string> All { get; } = [.. Names.AsSpan(1)];

    /// <summary>Empty for None.</summary>
    public static string NameOf(TransactionField field) => Names[(int)field];

    /// <summary>The field of that name, or <see cref="TransactionField.None"/>.</summary>
    public static TransactionField Find(ReadOnlySpan<char> name)
    {
        for (var field = TransactionField.TransactionId; field <= TransactionField.Longitude; field++)
        {
            if (name.SequenceEqual(Names[(int)field]))
            {
                return field;
            }
        }

        return TransactionField.None;
    }
}
