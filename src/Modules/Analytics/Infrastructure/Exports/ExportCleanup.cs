using Microsoft.Extensions.Hosting;

namespace Monolith.Modules.Analytics.Infrastructure.Exports;

/// <summary>Empties the folder of exports at startup: files of a killed process contain personal data.</summary>
internal sealed class ExportCleanup(ExportFolder folder) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        folder.DeleteLeftovers();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
