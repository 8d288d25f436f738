using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Engine.Visiting;

/// <summary>The visits of one transaction, and what has come back. Belongs to the turn loop of the account's shard.</summary>
internal sealed class EnvelopeVisits(TransactionEnvelope envelope)
{
    private readonly Visit?[] _visits = new Visit?[EntityKinds.End];

    /// <summary>Visits that are not back yet: bits by <see cref="EntityKind"/>.</summary>
    private int _outstanding;

    /// <summary>Whether the readings may hold anything, as of an earlier transaction or other rules. Most transactions visit nobody, and find them as they should be.</summary>
    private bool _isRead = true;

    public EntityReadings Readings { get; } = new();

    /// <summary>For which rules they were sent; null before.</summary>
    public RulesInForce? InForce { get; private set; }

    /// <summary>In which the transaction waits for them.</summary>
    public AccountActor? Actor { get; private set; }

    public bool AreBack => _outstanding == 0;

    public void Begin(RulesInForce inForce, AccountActor actor)
    {
        InForce = inForce;
        Actor = actor;

        if (_isRead)
        {
            Readings.SetMissing();
            _isRead = false;
        }
    }

    /// <summary>The visit of a kind, to be sent out.</summary>
    public Visit Leave(EntityKind kind)
    {
        _outstanding |= Bit(kind);
        return _visits[(int)kind] ??= new Visit(envelope, kind);
    }

    /// <summary>Whether it is one that is waited for, and not one that was given up.</summary>
    public bool IsWaitingFor(Visit visit) => (_outstanding & Bit(visit.Kind)) != 0 && ReferenceEquals(_visits[(int)visit.Kind], visit);

    /// <summary>Takes what a visit brought.</summary>
    public void Take(Visit visit)
    {
        Settle(visit.Kind);
        Readings.Rules[visit.Kind] = visit.ForRules;
        Readings.Model[visit.Kind] = visit.ForModel;
        if (visit.Answer != VisitAnswer.Read)
        {
            Readings.SetUnanswered(visit.Kind);
        }
    }

    /// <summary>Waits no longer for a visit: the entity may still have it, so it is never used again.</summary>
    public void GiveUp(EntityKind kind)
    {
        Settle(kind);
        _visits[(int)kind] = null;
        Readings.Rules[kind] = new();
        Readings.Model[kind] = new();
        Readings.SetUnanswered(kind);
    }

    /// <summary>Forgets all of it, so that the transaction can be sent again.</summary>
    public void Clear()
    {
        if (_outstanding != 0)
        {
            GiveUpOutstanding();
        }

        InForce = null;
        Actor = null;
    }

    private void GiveUpOutstanding()
    {
        foreach (var kind in EntityKinds.Visited)
        {
            if ((_outstanding & Bit(kind)) != 0)
            {
                GiveUp(kind);
            }
        }
    }

    private void Settle(EntityKind kind)
    {
        _isRead = true;
        _outstanding &= ~Bit(kind);
        _visits[(int)kind]?.Ticket?.Settle();
    }

    private static int Bit(EntityKind kind) => 1 << (int)kind;
}
