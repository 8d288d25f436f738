using System.Reflection;

namespace FraudEngine.Hosting;

/// <summary><c>GET /openapi/v1.json</c>: the HTTP contract as an OpenAPI document. Written by hand, because it is the contract; a test holds it against the routes.</summary>
internal static class OpenApiEndpoint
{
    private const string Resource = "FraudEngine.openapi.json";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/openapi/v1.json", () => TypedResults.Bytes(Read(), "application/json"));

    public static byte[] Read()
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
