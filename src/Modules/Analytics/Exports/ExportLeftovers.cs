using Microsoft.Extensions.Hosting;

namespace Monolith.Modules.Analytics.Exports;

/// <summary>Empties the folder of exports when the host starts: what a killed process left there holds personal data.</summary>
internal sealed class ExportLeftovers(ExportFolder folder) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        folder.DeleteLeftovers();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
