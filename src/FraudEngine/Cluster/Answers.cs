using FraudEngine.Engine;
using FraudEngine.Engine.Remote;
using FraudEngine.Storage;

namespace FraudEngine.Cluster;

/// <summary>Gives out what other nodes have answered. Where an answer names rules that another node has registered since, the catalog is read again first.</summary>
internal sealed class Answers(DecisionEngine engine, ISharedJournal journal, TimeProvider clock, TimeSpan waitMax)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    public void GiveOut(List<AccountRequest> answered)
    {
        if (answered.Count == 0)
        {
            return;
        }

        if (AreKnown(answered))
        {
            engine.Complete([.. answered]);
        }
        else
        {
            _ = GiveOutLaterAsync(answered);
        }
    }

    /// <summary>Answers that there is no answer now; all can be sent again.</summary>
    public void Refuse(List<AccountRequest> requests)
    {
        if (requests.Count > 0)
        {
            requests.ForEach(static request => request.RefuseAsUnavailable());
            engine.Complete([.. requests]);
        }
    }

    private bool AreKnown(List<AccountRequest> answered)
    {
        var catalog = engine.Catalog;
        return answered.TrueForAll(request => RequestCodec.AreKnown(request, catalog));
    }

    private async Task GiveOutLaterAsync(List<AccountRequest> answered)
    {
        var since = clock.GetTimestamp();
        do
        {
            try
            {
                await journal.RefreshCatalogAsync();
                if (AreKnown(answered))
                {
                    engine.Complete([.. answered]);
                    return;
                }
            }
            catch (Exception reason) when (reason is IOException or TimeoutException or ObjectDisposedException or System.Data.Common.DbException)
            {
                // The database is away for the moment.
            }

            await Task.Delay(RetryAfter, clock);
        }
        while (clock.GetElapsedTime(since) < waitMax);
        Refuse(answered);
    }
}
