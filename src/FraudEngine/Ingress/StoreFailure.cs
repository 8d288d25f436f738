namespace FraudEngine.Ingress;

/// <summary>Answers that the store can't be read or written now, where it can't, instead of with a bare 500.</summary>
internal static class StoreFailure
{
    private static readonly Problem Unavailable = new(503, "unavailable", "Unavailable", "This can't be read or stored now. Send it again; that is safe.");

    public static RequestDelegate Answered(RequestDelegate answer) => async context =>
    {
        try
        {
            await answer(context);
        }
        catch (IOException) when (!context.Response.HasStarted)
        {
            await ProblemResponse.Write(context, Unavailable);
        }
    };
}
