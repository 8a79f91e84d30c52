#if COMPLETE_FEED
using Docker.DotNet;
using DotNet.Testcontainers.Builders;
using Testcontainers.RabbitMq;

namespace Exchange.Testing;

/// <summary>
/// RabbitMQ in a container, where a Docker engine answers. Only under <c>-p:CompleteFeed=true</c>: the feed of the build
/// machines lacks Docker.DotNet, so there this file is left out and the installed server is used.
/// </summary>
static class BrokerContainer
{
    const string Image = "rabbitmq:4-management";
    const ushort ApiPort = 15672;

    public static async Task<(Uri Broker, Uri Api)?> TryStart()
    {
        try
        {
            // Testcontainers' reaper removes it when this process is gone.
            var container = new RabbitMqBuilder().WithImage(Image).WithPortBinding(ApiPort, true).Build();
            await container.StartAsync();
            var broker = new Uri(container.GetConnectionString());
            return (broker, new UriBuilder("http", broker.Host, container.GetMappedPublicPort(ApiPort))
            {
                UserName = RabbitMqBuilder.DefaultUsername,
                Password = RabbitMqBuilder.DefaultPassword,
            }.Uri);
        }
        catch (Exception e) when (e is DockerUnavailableException or DockerApiException or HttpRequestException)
        {
            return null;
        }
    }
}
#endif
