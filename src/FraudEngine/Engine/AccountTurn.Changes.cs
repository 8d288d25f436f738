using System.Text;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine.Changes;
using FraudEngine.Entities;
using FraudEngine.Storage;

namespace FraudEngine.Engine;

/// <summary>
/// What changes an account besides its transactions and labels: each change is one entry of its journal, and the documents that tell of it stand in the same commit.
/// </summary>
internal sealed partial class AccountTurn
{
    private void Handle(AccountActor actor, ChangeRequest request)
    {
        switch (request.Order)
        {
            case RespondOrder order:
                LookUp(actor, request, order);
                break;
            case HoldOrder order:
                Answer(request, Hold(actor, order));
                break;
            case ReleaseOrder order:
                Answer(request, Release(actor, order));
                break;
            case PreferencesOrder order:
                Answer(request, Put(actor, order));
                break;
        }
    }

    private void LookUp(AccountActor actor, ChangeRequest request, RespondOrder order)
    {
        var idHash = Hash64.Of(order.TransactionId, idHashSeed);
        if (!actor.State!.Seen.MayContain(idHash))
        {
            Answer(request, ChangeResult.Unknown);
            return;
        }

        actor.LookingUp = request;
        Reads().Lookups.Add(new Lookup(actor.Account, idHash, order.TransactionId)
        {
            WithLabel = true,
            WithDocument = (DocumentKind.Response, AlertId.Of(actor.Id, order.TransactionId).ToString()),
        });
    }

    private void Resolve(AccountActor actor, ChangeRequest request, Lookup lookup)
    {
        var order = (RespondOrder)request.Order;
        if (lookup.Found is { } entry)
        {
            EntryCodec.Read(entry.Bytes, actor.Id, entry.Sequence, _found);
            Answer(request, !_found.Decision.RaisesFraudAlert ? ChangeResult.Unknown
                : lookup.Document is { } answered ? answered.Status == ChangeDocuments.StatusOf(order.Response) ? ChangeResult.Unchanged : ChangeResult.AnsweredOtherwise
                : Respond(actor, request, order, lookup.IsFraud));
        }
        else
        {
            Answer(request, ChangeResult.Unknown);
        }
    }

    /// <summary>Takes in the response to the alert of the transaction that was found.</summary>
    private ChangeResult Respond(AccountActor actor, ChangeRequest request, RespondOrder order, bool? label)
    {
        var (account, transaction) = (Encoding.UTF8.GetString(actor.Id), Encoding.UTF8.GetString(order.TransactionId));
        var alert = AlertId.Of(actor.Id, order.TransactionId);
        var isFraud = order.Response == AlertResponse.Denied;
        Batch.AddDocument(ChangeDocuments.OfResponse(alert, account, transaction, order), DocumentWrite.Keep);
        if (label != isFraud)
        {
            request.AppendIndex = AppendLabel(actor, request.Label, isFraud);
        }

        var terms = actor.State!.Terms;
        var sequence = actor.State.Sequence + 1;
        if (isFraud)
        {
            // A stricter hold that there is stays.
            if (terms.Hold is not { } hold || hold.Outcome < order.Terms.HoldOutcome)
            {
                hold = new AccountHold(order.Terms.HoldOutcome, order.By, "The customer has denied a payment", order.AtTicks);
                Batch.AddDocument(ChangeDocuments.OfHold(account, hold, release: null), DocumentWrite.Replace);
                terms = terms.WithHold(hold, sequence);
            }

            Batch.AddDocument(ChangeDocuments.OfCase(AnalystCase.OfDenial(alert, account, transaction, order.By, order.AtTicks), order.AtTicks), DocumentWrite.Keep);
        }
        else if (ConfirmedPattern.KeyOf(_found.Transaction) is { IsNone: false } key)
        {
            terms = terms.WithPattern(new ConfirmedPattern(key, After(_found.Transaction.TimestampTicks, order.Terms.ConfirmedForTicks)), sequence);
        }

        Append(actor, order, AccountChange.Responded, terms, "", order.Response);
        return ChangeResult.Stored;
    }

    private ChangeResult Hold(AccountActor actor, HoldOrder order)
    {
        var state = actor.State!;
        if (state.Terms.Hold?.Outcome == order.Outcome)
        {
            return ChangeResult.Unchanged;
        }

        var hold = new AccountHold(order.Outcome, order.By, order.Reason, order.AtTicks);
        Batch.AddDocument(ChangeDocuments.OfHold(Encoding.UTF8.GetString(actor.Id), hold, release: null), DocumentWrite.Replace);
        Append(actor, order, AccountChange.Held, state.Terms.WithHold(hold, state.Sequence + 1), order.Reason);
        return ChangeResult.Stored;
    }

    private ChangeResult Release(AccountActor actor, ReleaseOrder order)
    {
        var state = actor.State!;
        if (state.Terms.Hold is not { } hold)
        {
            return ChangeResult.Unchanged;
        }

        Batch.AddDocument(ChangeDocuments.OfHold(Encoding.UTF8.GetString(actor.Id), hold, order), DocumentWrite.Replace);
        Append(actor, order, AccountChange.Released, state.Terms.WithHold(null, state.Sequence + 1), order.Reason);
        return ChangeResult.Stored;
    }

    /// <summary>The journal has only what decides: other activity alerts. All else of the preferences is the document's.</summary>
    private ChangeResult Put(AccountActor actor, PreferencesOrder order)
    {
        var state = actor.State!;
        Batch.AddDocument(ChangeDocuments.OfPreferences(Encoding.UTF8.GetString(actor.Id), order), DocumentWrite.Replace);
        if (!state.Terms.Activity.AsSpan().SequenceEqual(order.Activity.AsSpan()))
        {
            Append(actor, order, AccountChange.ActivityChosen, state.Terms.WithActivity(order.Activity, state.Sequence + 1), "");
        }

        return ChangeResult.Stored;
    }

    private void Append(
        AccountActor actor, AccountOrder order, AccountChange change, AccountTerms terms, string reason, AlertResponse response = AlertResponse.None)
    {
        var state = actor.State!;
        var changed = new AccountChanged
        {
            Change = change,
            Sequence = state.Sequence + 1,
            By = order.By,
            Reason = reason,
            AtTicks = order.AtTicks,
            Response = response,
            AnsweredSequence = response == AlertResponse.None ? 0 : _found.Sequence,
            TransactionId = response == AlertResponse.None ? [] : _found.Transaction.TransactionId.ToArray(),
            Terms = terms,
        };
        AccountMachine.Evolve(state, changed);
        var start = Batch.Bytes.WrittenCount;
        ChangeCodec.Write(Batch.Bytes, changed);
        actor.DecidedSince?.Add(new StoredEntry(changed.Sequence, Batch.Bytes.WrittenSpan[start..].ToArray()));
        Batch.AppendChange(actor.Account, changed.Sequence, start);
        counters.Changes++;

        // What stands for an account must outlive the entries that it comes of, which may be dropped by their age.
        actor.SinceSnapshot++;
        TakeSnapshot(actor);
    }

    private void Answer(ChangeRequest request, ChangeResult result)
    {
        request.Result = result;
        Batch.Answers.Add(request);
    }

    private static long After(long ticks, long length) => ticks > DateTime.MaxValue.Ticks - length ? DateTime.MaxValue.Ticks : ticks + length;
}
