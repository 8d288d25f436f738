using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Engine.Visiting;

/// <summary>
/// A transaction on its way to one entity that it names, and back to its account with what the entity's windows say. It has a copy of the transaction, so that
/// an account that stops waiting leaves nothing behind that two shards touch.
/// </summary>
internal class Visit : ShardMessage
{
    private readonly TransactionEnvelope? _envelope;
    private readonly byte[] _key = new byte[EntityKey.BytesMax];
    private int _keyLength;

    public Visit(TransactionEnvelope envelope, EntityKind kind)
        : this(envelope, kind, inForce: null!)
    {
    }

    protected Visit(TransactionEnvelope? envelope, EntityKind kind, RulesInForce inForce)
    {
        _envelope = envelope;
        Kind = kind;
        InForce = inForce;
    }

    /// <summary>The transaction's; there is none on the node of the entity where that is another than the account's.</summary>
    public TransactionEnvelope Envelope => _envelope!;

    public EntityKind Kind { get; }

    public Transaction Transaction { get; } = new();

    /// <summary>The shard of the account, to which it returns.</summary>
    public EngineShard Home { get; private set; } = null!;

    /// <summary>The rules and the model whose windows are read.</summary>
    public RulesInForce InForce { get; private set; }

    /// <summary>None on the way there.</summary>
    public VisitAnswer Answer { get; protected set; }

    public WindowValues ForRules { get; } = new();

    public WindowValues ForModel { get; } = new();

    /// <summary>Its sending, as the account's shard remembers it; only that shard's loop looks at it.</summary>
    public VisitTicket? Ticket { get; set; }

    /// <summary>How often the entity's shard faulted over it.</summary>
    public int Faults { get; set; }

    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    public void Prepare(EngineShard home, RulesInForce inForce)
    {
        Home = home;
        InForce = inForce;
        Answer = VisitAnswer.None;
        Faults = 0;
        Transaction.CopyFrom(Envelope.Transaction);
        Identify();
    }

    /// <summary>Says which entity it goes to, once it has its transaction.</summary>
    public void Identify() => _keyLength = EntityKey.Write(Kind, Transaction.Text(EntityKinds.FieldOf(Kind)), _key);

    /// <summary>Sends it back to the account. From then on it is the account's shard's.</summary>
    public virtual void Return(VisitAnswer answer)
    {
        Answer = answer;
        Home.Tell(this);
    }
}
