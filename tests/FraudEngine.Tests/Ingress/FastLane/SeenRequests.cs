using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace FraudEngine.Tests.Ingress.FastLane;

/// <summary>Counts the requests that come to the web server.</summary>
internal sealed class SeenRequests : IStartupFilter
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, handle) =>
        {
            Interlocked.Increment(ref _count);
            return handle(context);
        });
        next(app);
    };

    public void AddTo(WebApplicationBuilder builder) => builder.Services.AddSingleton<IStartupFilter>(this);
}
