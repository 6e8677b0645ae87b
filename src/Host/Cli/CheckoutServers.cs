using Monolith.BuildingBlocks.Postgres;

namespace Monolith.Host.Cli;

/// <summary>In development, a host without a configured database finds the servers that <c>./run services</c> started in its checkout.</summary>
internal static class CheckoutServers
{
    private const string Marker = "Monolith.sln";

    public static async Task<Dictionary<string, string?>?> SettingsAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        if (!builder.Environment.IsDevelopment() || PostgresSettings.AnyIn(builder.Configuration))
            return null;

        var checkout = new DirectoryInfo(builder.Environment.ContentRootPath);
        while (checkout is not null && !File.Exists(Path.Combine(checkout.FullName, Marker)))
            checkout = checkout.Parent;
        if (checkout is null)
            return null;
        var data = Path.Combine(checkout.FullName, ".data");
        return (await Endpoints.RunningAsync(data, CancellationToken.None)).Settings(data);
    }
}
