using System.Collections.Immutable;
using System.Text;

namespace FraudEngine.Domain;

/// <summary>The kinds of entities, how rules name them and which field of a transaction names one.</summary>
public static class EntityKinds
{
    /// <summary>One more than the number of the last kind.</summary>
    public const int End = (int)EntityKind.Counterparty + 1;

    private static readonly string[] Names = ["", "account", "terminal", "merchant", "device", "counterparty"];

    private static readonly byte[][] Utf8Names = Array.ConvertAll(Names, Encoding.UTF8.GetBytes);

    /// <summary>Those that a transaction visits before its account decides it.</summary>
    public static ImmutableArray<EntityKind> Visited { get; } = [EntityKind.Terminal, EntityKind.Merchant, EntityKind.Device, EntityKind.Counterparty];

    /// <summary>As rules and options name it: <c>terminal</c>. Empty for None.</summary>
    public static string NameOf(EntityKind kind) => Names[(int)kind];

    /// <summary>The name as UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8NameOf(EntityKind kind) => Utf8Names[(int)kind];

    /// <summary>The kind of that name, or None.</summary>
    public static EntityKind Find(ReadOnlySpan<char> name)
    {
        for (var kind = EntityKind.Account; (int)kind < End; kind++)
        {
            if (name.SequenceEqual(Names[(int)kind]))
            {
                return kind;
            }
        }

        return EntityKind.None;
    }

    /// <summary>The field that names the entity.</summary>
    public static TransactionField FieldOf(EntityKind kind) => kind switch
    {
        EntityKind.None => TransactionField.None,
        EntityKind.Account => TransactionField.AccountId,
        EntityKind.Terminal => TransactionField.TerminalId,
        EntityKind.Merchant => TransactionField.MerchantId,
        EntityKind.Device => TransactionField.DeviceId,
        EntityKind.Counterparty => TransactionField.CounterpartyId,
    };
}
