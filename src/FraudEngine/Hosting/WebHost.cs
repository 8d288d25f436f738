using FraudEngine.Ingress.FastLane;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Logging.Console;

namespace FraudEngine.Hosting;

/// <summary>The web server and its configuration: file, environment, command line, the later the stronger.</summary>
internal static class WebHost
{
    private const string DefaultUrl = "http://127.0.0.1:5080";
    private const string SettingsFile = "config/engine.json";

    // A watch on the working directory would be woken by every write to the journal in it.
    private const string WithoutFileWatch = "--hostBuilder:reloadConfigOnChange=false";

    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure)
    {
        var builder = Create(args);
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.ColorBehavior = LoggerColorBehavior.Default;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // A client that breaks off is no incident.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);

        // That the address is taken is said in a sentence, not with a stack trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        OpenLane(builder);
        builder.Services.AddSingleton(TimeProvider.System);
        configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>The configuration alone, as a supervisor of workers needs it.</summary>
    public static IConfiguration Configuration(string[] args) => Create(args).Configuration;

    /// <summary>Where it is to listen.</summary>
    public static string UrlsOf(IConfiguration configuration) => configuration["urls"] is { Length: > 0 } urls ? urls : DefaultUrl;

    private static void OpenLane(WebApplicationBuilder builder)
    {
        var lane = new Lane();
        builder.Services.AddSingleton(lane);

        // Where hosts are filtered, which middleware does, every request has to pass it.
        if (builder.Configuration["AllowedHosts"] is null or "" or "*")
        {
            builder.WebHost.ConfigureKestrel(lane.Use);
        }
    }

    private static WebApplicationBuilder Create(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [WithoutFileWatch, .. args], ContentRootPath = Directory.GetCurrentDirectory() });

        // Resolved first: inserting loads it, and an absolute path would be looked for below the content root.
        var settings = new JsonConfigurationSource { Path = Path.GetFullPath(SettingsFile), Optional = true };
        settings.ResolveFileProvider();
        builder.Configuration.Sources.Insert(0, settings);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        return builder;
    }
}
