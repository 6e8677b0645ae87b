namespace Monolith.Host;

internal static class Composition
{
    public static WebApplication Build(string[] args, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        var app = builder.Build();
        app.MapGet("/health/live", () => Results.Ok());
        return app;
    }

#pragma warning disable IDE0060 // A placeholder.
    public static Task MigrateAsync(IConfiguration configuration, CancellationToken cancellation) => Task.CompletedTask;
}
