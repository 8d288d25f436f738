using System.Runtime.InteropServices;
using FraudEngine.Ingress.FastLane;

namespace FraudEngine.Hosting.Workers;

/// <summary>
/// How a worker stops: asked to, it accepts no more connections and asks its clients, with each answer, to connect anew, so that they come to other workers; when all have, or
/// after <see cref="DrainMax"/>, it stops. A client between two requests so never finds its connection closed, unless it had nothing to send all that time.
/// </summary>
internal sealed class DrainFirst(SharedListening listening, IHostApplicationLifetime application, TimeProvider clock) : IHostLifetime, IStartupFilter, IDisposable
{
    public static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(2);

    private readonly List<PosixSignalRegistration> _signals = [];
    private int _asked;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            _ = StopSoonAsync();
        }));

        // A terminal sends these to the supervisor and to all workers; what is to be done is the supervisor's to say.
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, handle) =>
        {
            if ((listening.IsDraining || context.Features.Get<IConnectionTerm>()?.IsOver == true) && HttpProtocol.IsHttp11(context.Request.Protocol))
            {
                context.Response.Headers.Connection = "close";
            }

            return handle(context);
        });
        next(app);
    };

    public void Dispose() => _signals.ForEach(static signal => signal.Dispose());

    private async Task StopSoonAsync()
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0)
        {
            await Task.WhenAny(listening.DrainAsync(), Task.Delay(DrainMax, clock));
            application.StopApplication();
        }
    }
}
