namespace Monolith.System.Tests.Hosting;

/// <summary>A shared broker that one test uses exclusively until it is disposed.</summary>
/// <param name="BootstrapServers">Its address.</param>
/// <param name="GiveBack">Releases it for the next test.</param>
public sealed record BorrowedBroker(string BootstrapServers, Action GiveBack) : IDisposable
{
    public void Dispose() => GiveBack();
}
