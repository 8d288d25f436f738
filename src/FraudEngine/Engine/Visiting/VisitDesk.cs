using FraudEngine.Domain;

namespace FraudEngine.Engine.Visiting;

/// <summary>
/// Sends the transactions of a shard's accounts to the entities that they name, and knows when all of them have answered. Nobody waits: the account goes on with
/// what is complete, in the order in which its transactions came. Called only from the turn loop.
/// </summary>
internal sealed class VisitDesk(EngineShard home, RulesInForce inForce, Action<Visit> send, VisitDeadlines deadlines, EngineCounters counters)
{
    private RulesInForce _inForce = inForce;

    /// <summary>From the next transaction on these rules decide.</summary>
    public void PutInForce(RulesInForce next) => _inForce = next;

    /// <summary>Sends a transaction to each entity that it names and that a window looks at.</summary>
    public void Send(TransactionEnvelope envelope, AccountActor actor)
    {
        var visits = envelope.Visits;
        visits.Begin(_inForce, actor);
        foreach (var kind in _inForce.Plans.Visited)
        {
            if (!envelope.Transaction.Text(EntityKinds.FieldOf(kind)).IsEmpty)
            {
                Send(visits.Leave(kind));
            }
        }
    }

    /// <summary>Whether a request can be handled: all visits are back, and for the rules in force. Where they are for others, they are sent again.</summary>
    public bool IsComplete(AccountRequest request)
    {
        if (request is not TransactionEnvelope envelope)
        {
            return true;
        }

        var visits = envelope.Visits;
        if (!visits.AreBack)
        {
            return false;
        }

        if (ReferenceEquals(visits.InForce, _inForce) || (ReferenceEquals(visits.InForce!.Rules, _inForce.Rules) && ReferenceEquals(visits.InForce.Model, _inForce.Model)))
        {
            return true;
        }

        Send(envelope, visits.Actor!);
        return visits.AreBack;
    }

    /// <summary>Takes a visit that has come back. Returns the account whose transaction is complete with it; null where there is none.</summary>
    public AccountActor? Take(Visit visit)
    {
        var visits = visit.Envelope.Visits;
        if (!visits.IsWaitingFor(visit))
        {
            return null;
        }

        if (visit.Answer == VisitAnswer.Outdated && !ReferenceEquals(visit.InForce, _inForce))
        {
            Send(visit);
            return null;
        }

        visits.Take(visit);
        counters.VisitsUnanswered += visit.Answer == VisitAnswer.Read ? 0 : 1;
        return visits.AreBack ? visits.Actor : null;
    }

    /// <summary>Gives up a visit that takes too long. Returns the account whose transaction can go on without it; null where no more is overdue.</summary>
    public AccountActor? GiveUpOverdue()
    {
        if (deadlines.TakeOverdue() is not { } visit)
        {
            return null;
        }

        visit.Envelope.Visits.GiveUp(visit.Kind);
        counters.VisitsUnanswered++;
        return visit.Envelope.Visits.Actor;
    }

    /// <summary>Forgets what is under way: its transactions are received again.</summary>
    public void Restart() => deadlines.Clear();

    private void Send(Visit visit)
    {
        visit.Prepare(home, _inForce);
        deadlines.Add(visit);
        send(visit);
    }
}
